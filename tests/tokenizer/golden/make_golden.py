"""Writes golden.json: tokenizers that Hugging Face tokenizers made, and the ids it gives for some texts.

Usage: pip install tokenizers==0.23.3; python3 make_golden.py > golden.json
The test reads golden.json; this script is only needed to add to it.
"""

import json
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

GPT4 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)

CORPUS = """The tokenizer reads the text, and the text doesn't know. It's a simple thing, isn't it? We'll see what
they've made: 12 apples, 345 pears and 6789 plums; a tree, the trees, their treehouse. "Who's there?" I'd ask.
    for (int i = 0; i < 10; ++i) { total += values[i]; }   // the sum of all values
    if (total > 100) { return total - 100; }
Über die Straße gehen viele Menschen, größere und kleinere. Où est la bibliothèque? Señor, ¿dónde está el año?
Съешь же ещё этих мягких французских булок, да выпей чаю. Широкая река, широкие реки.
吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。我们都是人，人们都说话。
나는 학교에 갑니다. 학교에서 공부합니다. مرحبا بالعالم، العالم كبير. नमस्ते दुनिया, दुनिया बड़ी है।
😀 😀👍🏽 ❤️ done.\n\n\n\tTabs\tand\r\nlines.\n
"""

TEXTS = [
    "",
    " ",
    "a",
    "The text doesn't know the trees, they've made 12345 of them.",
    "  leading and trailing  ",
    "line\n\n\nline\r\n  line\n   ",
    "\t\ttabs\t and\u00a0no-break\u3000spaces\u2003here \u180e\u200b\u0085end",
    "IT'S HE'LL WE'VE it'\u017f don'T",
    "for (int i = 0; i < 10; ++i) {\n        total += values[i];\n    }\n",
    "Über größere Straßen, où?, está el año; cafe\u0301",
    "Съешь ещё французских булок. Ελληνικά λόγια. שלום עולם",
    "吾輩は猫である。名前はまだ無い。我们说话，人们说话",
    "학교에 갑니다 مرحبا بالعالم नमस्ते दुनिया สวัสดีชาวโลก ქართული አማርኛ",
    "½ ² Ⅷ ٣٤٥ ১২৩ 12³",
    "😀👍🏽❤️ 👩‍👩‍👧 \U0001f1e9\U0001f1ea",
    "<|endoftext|>the<|endoftext|> text<|endof",
    "<|a|><|a|>b<|pad|>  x  <|im_start|>user\nhi<|im_end|>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "the" * 60 + "!" * 70 + " " * 66 + "x",
    "\x00\x01\x7f\ufffd\ufeff",
]


def train(pre_tokenizer, vocab_size, special=("<|endoftext|>",)):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([CORPUS], trainer)
    return tokenizer


def byte_level(prefix=False, regex=True):
    return pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=regex)


def gpt4(pattern=GPT4, behavior="isolated", invert=False):
    split = pre_tokenizers.Split(Regex(pattern), behavior, invert)
    return pre_tokenizers.Sequence([split, byte_level(regex=False)])


def llama3():
    tokenizer = train(gpt4(), 380, ["<|begin|>", "<|endoftext|>", "<|a|>", "<|a|><|a|>"])
    saved = json.loads(tokenizer.to_str())
    saved["model"]["ignore_merges"] = True
    saved["model"]["merges"] = saved["model"]["merges"][:60]  # tokens that only whole pre-tokens reach
    tokenizer = Tokenizer.from_str(json.dumps(saved))
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single="<|begin|> $A", pair="<|begin|> $A <|begin|> $B:1", special_tokens=[("<|begin|>", 0)]
            ),
        ]
    )
    return tokenizer


def added():
    tokenizer = train(byte_level(), 330)
    tokenizer.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([AddedToken("  ", normalized=True), AddedToken("user", normalized=False), "<|pad|>"])
    return tokenizer


def tokenizers():
    yield "gpt2", train(byte_level(), 420)
    yield "prefix", train(byte_level(prefix=True), 330)
    yield "gpt4", train(gpt4(), 420)
    yield "llama3", llama3()
    yield "added", added()
    yield "digits", train(pre_tokenizers.Sequence([pre_tokenizers.Digits(True), byte_level()]), 330)
    yield "words", train(gpt4(r"\w+|[^\w\s]+"), 330)
    yield "removed", train(gpt4(GPT4, "removed", True), 330)


def main():
    out = {"corpus": CORPUS, "texts": TEXTS, "tokenizers": []}
    for name, tokenizer in tokenizers():
        cases = [
            {
                "ids": (ids := tokenizer.encode(text).ids),
                "plain": tokenizer.encode(text, add_special_tokens=False).ids,
                "decoded": tokenizer.decode(ids, skip_special_tokens=False),
            }
            for text in TEXTS
        ]
        out["tokenizers"].append({"name": name, "tokenizer": json.loads(tokenizer.to_str()), "cases": cases})
    json.dump(out, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
