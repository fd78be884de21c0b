"""weft's tokenizer beside Hugging Face tokenizers and a plain reference. Run by tokenizer.sh."""

import argparse
import collections
import json
import random
import subprocess
import sys
import tempfile
import unicodedata

import regex
import tokenizers
from tokenizers import models, pre_tokenizers, trainers

GPT2 = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
SPECIAL = "<|endoftext|>"
CASES = 10_000


# ---- The plain reference: byte strings all the way, nothing clever.


def pretokens(data):
    """Pre-tokens of a byte string: GPT-2's pattern on the well-formed stretches, each other byte alone."""
    text = data.decode("utf-8", errors="surrogateescape")  # an invalid byte becomes U+DC80..U+DCFF
    for piece in regex.findall("[\udc80-\udcff]|[^\udc80-\udcff]+", text):
        if "\udc80" <= piece[0] <= "\udcff":
            yield piece.encode("utf-8", errors="surrogateescape")
        else:
            yield from (word.encode() for word in GPT2.findall(piece))


def merge_word(word, pair):
    merged = []
    i = 0
    while i < len(word):
        if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
            merged.append(word[i] + word[i + 1])
            i += 2
        else:
            merged.append(word[i])
            i += 1
    return merged


def train_cs336(text, num_merges):
    """CS336's trainer: the most frequent pair, of equals the lexicographically greater pair of byte strings."""
    counts = collections.Counter(pretokens(text))
    words = [[bytes([b]) for b in word] for word in counts]
    frequency = list(counts.values())
    pairs = collections.Counter()
    where = collections.defaultdict(set)
    for i, word in enumerate(words):
        for pair in zip(word, word[1:]):
            pairs[pair] += frequency[i]
            where[pair].add(i)
    merges = []
    while len(merges) < num_merges and pairs:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        if pairs[best] < 1:
            break
        merges.append(best)
        for i in where.pop(best):
            for pair in zip(words[i], words[i][1:]):
                pairs[pair] -= frequency[i]
            words[i] = merge_word(words[i], best)
            for pair in zip(words[i], words[i][1:]):
                pairs[pair] += frequency[i]
                where[pair].add(i)
        pairs.pop(best, None)
    return merges


def encode_plain(data, merges, ids):
    """Every merge in turn, over the whole word."""
    rank = {pair: i for i, pair in enumerate(merges)}
    out = []
    for word in pretokens(data):
        symbols = [bytes([b]) for b in word]
        while len(symbols) > 1:
            best = min(zip(symbols, symbols[1:]), key=lambda pair: rank.get(pair, len(rank)))
            if best not in rank:
                break
            symbols = merge_word(symbols, best)
        out += [ids[symbol] for symbol in symbols]
    return out


# ---- tokenizer.json


def byte_of_char():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(b): b for b in printable}
    others = [b for b in range(256) if b not in printable]
    table.update({chr(256 + i): b for i, b in enumerate(others)})
    return table


BYTE_OF_CHAR = byte_of_char()


def to_bytes(token):
    return bytes(BYTE_OF_CHAR[c] for c in token)


def read_merges(path):
    """The merges of a tokenizer.json as pairs of byte strings, and the ids of its tokens."""
    model = json.load(open(path, encoding="utf-8"))["model"]
    merges = [m.split(" ") if isinstance(m, str) else m for m in model["merges"]]
    ids = {to_bytes(token): i for token, i in model["vocab"].items() if token != SPECIAL}
    return [(to_bytes(a), to_bytes(b)) for a, b in merges], ids


# ---- Random texts

SCRIPTS = {
    "Latin": (0x41, 0x17F), "Greek": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF), "Devanagari": (0x900, 0x97F), "Thai": (0xE00, 0xE7F), "Georgian": (0x10A0, 0x10FF),
    "Ethiopic": (0x1200, 0x137F), "Kana": (0x3040, 0x30FF), "Han": (0x4E00, 0x9FFF), "Hangul": (0xAC00, 0xD7A3),
}  # fmt: skip
SPACES = list(" " * 12 + "\n\n\n\t\r\x0b\x0c\x85\xa0\u1680\u2003\u2028\u3000\u180e\u200b")
OTHERS = list("0123456789²½Ⅷ٣.,;:!?'\"()-_/\\@#%&*+=<>[]{}|~^`$€—…“”«»、。！？😀👍🏽❤\ufe0f")
WORDS = ["the", "'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "it's", "we'll", "ROMEO", "\r\n", "  ", "1234567"]


def assigned(first, last):
    return [chr(c) for c in range(first, last + 1) if unicodedata.category(chr(c)) not in ("Cn", "Co", "Cs")]


def random_text(rng, alphabets):
    letters = rng.choice(alphabets)
    parts = []
    for _ in range(rng.randint(0, 40)):
        kind = rng.random()
        if kind < 0.55:
            parts.append("".join(rng.choices(letters, k=rng.randint(1, 8))))
        elif kind < 0.75:
            parts.append("".join(rng.choices(SPACES, k=rng.randint(1, 3))))
        elif kind < 0.9:
            parts.append("".join(rng.choices(OTHERS, k=rng.randint(1, 4))))
        else:
            parts.append(rng.choice(WORDS))
    return "".join(parts)


def random_bytes(rng, alphabets):
    kind = rng.random()
    if kind < 0.4:
        return rng.randbytes(rng.randint(0, 60))
    data = bytearray(random_text(rng, alphabets).encode())
    for _ in range(rng.randint(0, 5)):  # damaged text
        if not data:
            break
        at = rng.randrange(len(data))
        if rng.random() < 0.5:
            data[at] = rng.randrange(256)
        else:
            del data[at]
    return bytes(data)


# ---- The comparison


class Failures:
    def __init__(self):
        self.count = 0

    def check(self, name, good, bad=""):
        print(f"{'ok  ' if good else 'FAIL'} {name}{'' if good else ': ' + bad}", flush=True)
        self.count += not good


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout


def difference(ours, theirs):
    for i, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            return f"at {i}: weft {a!r}, reference {b!r}"
    return f"weft has {len(ours)}, the reference {len(theirs)}"


def weft_encode(weft, tokenizer, texts, directory):
    path = f"{directory}/texts.jsonl"
    with open(path, "w") as file:
        for text in texts:
            file.write(json.dumps(text if isinstance(text, str) else list(text)) + "\n")
    out = run(weft, "tokenizer", "encode", "--tokenizer", tokenizer, "--lines-json", path)
    return [json.loads(line) for line in out.splitlines()]


def train_hugging_face(text, vocab_size, path):
    peer = tokenizers.Tokenizer(models.BPE())
    peer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    peer.train_from_iterator([text.decode()], trainer)  # the whole text, as weft reads it: not line by line
    peer.save(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weft", required=True)
    parser.add_argument("--text", required=True)
    parser.add_argument("--vocab-size", type=int, required=True)
    args = parser.parse_args()
    text = open(args.text, "rb").read()
    print(f"tokenizers {tokenizers.__version__}, vocabulary {args.vocab_size}, {len(text)} bytes of text")
    failures = Failures()
    rng = random.Random(3)
    alphabets = [assigned(*limits) for limits in SCRIPTS.values()]
    with tempfile.TemporaryDirectory() as directory:
        ours, cs336, theirs = (f"{directory}/{name}.json" for name in ("weft", "cs336", "hf"))
        train = [args.weft, "tokenizer", "train", "--input", args.text, "--vocab-size", args.vocab_size]
        train += ["--pattern", "gpt2", "--special-token", SPECIAL]
        run(*train, "--tie-break", "huggingface", "--output", ours)
        run(*train, "--tie-break", "cs336", "--output", cs336)

        train_hugging_face(text, args.vocab_size, theirs)
        merges, ids = read_merges(ours)
        expected, expected_ids = read_merges(theirs)
        failures.check(f"{len(expected)} merges as Hugging Face", merges == expected, difference(merges, expected))
        failures.check("the same ids for the same tokens", ids == expected_ids)

        merges_cs336, _ = read_merges(cs336)
        expected = train_cs336(text, args.vocab_size - 257)
        name = f"{len(expected)} merges as the plain reference (CS336)"
        failures.check(name, merges_cs336 == expected, difference(merges_cs336, expected))

        peer = tokenizers.Tokenizer.from_file(ours)
        texts = [random_text(rng, alphabets) for _ in range(CASES)]
        got = weft_encode(args.weft, ours, texts, directory)
        expected = [peer.encode(t).ids for t in texts]
        name = f"{CASES} texts in {len(SCRIPTS)} scripts encoded as Hugging Face"
        failures.check(name, got == expected, difference(got, expected))

        strings = [random_bytes(rng, alphabets) for _ in range(CASES)]
        got = weft_encode(args.weft, ours, strings, directory)
        expected = [encode_plain(s, merges, ids) for s in strings]
        name = f"{CASES} byte strings encoded as the plain reference"
        failures.check(name, got == expected, difference(got, expected))
        token = {i: b for b, i in ids.items()}
        failures.check("and decoded to themselves", [b"".join(token[i] for i in g) for g in got] == strings)
    sys.exit(1 if failures.count else 0)


if __name__ == "__main__":
    main()
