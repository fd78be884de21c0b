"""weft's tokenizer, Hugging Face tokenizers and tiktoken on the same text, in turns; medians and ratios.

Usage: python3 tokenizer.py WEFT TEXT [--vocab-size 32000] [--runs 5] [--threads 2]
WEFT is the binary (build/release/tools/weft), TEXT a file of a hundred megabytes or so. Needs the packages
tokenizers and tiktoken. Prints rows of the table in docs/benchmarks.md, and what was measured on standard error.
Everyone reads the same file; weft's times are whole processes, its start included.
Ids are compared: Hugging Face's and weft's must be the same.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import sys
import time

from table import row

PATTERN = (  # tiktoken's spelling of GPT-4's pattern
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
    r"|\s+(?!\S)|\s"
)
SPECIAL = "<|endoftext|>"


def say(text):
    print(text, file=sys.stderr, flush=True)


def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def in_turns(runs, functions):
    """Medians of the seconds each takes, one after the other, `runs` times."""
    seconds = {name: [] for name in functions}
    for _ in range(runs):
        for name, function in functions.items():
            seconds[name].append(timed(function)[0])
    return {name: statistics.median(values) for name, values in seconds.items()}


def weft(*command, out=subprocess.DEVNULL):
    subprocess.run([str(part) for part in command], check=True, stdout=out)


def hugging_face_trainer(path, vocab_size, queue):
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    seconds, _ = timed(lambda: tokenizer.train([path], trainer))
    queue.append((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def in_child(function, *arguments):
    """Runs in a forked process, so that its peak memory is its own."""
    read, write = os.pipe()
    if os.fork() == 0:
        queue = []
        function(*arguments, queue)
        os.write(write, json.dumps(queue[0]).encode())
        os._exit(0)
    os.close(write)
    result = json.loads(os.read(read, 1 << 16))
    os.wait()
    return result


def weft_train(binary, path, vocab_size, threads, output, queue):
    command = [binary, "tokenizer", "train", "--input", path, "--vocab-size", vocab_size, "--threads", threads]
    seconds, _ = timed(lambda: weft(*command, "--output", output))
    queue.append((seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))


def compare_training(args, megabytes, directory):
    rows = {"weft": [], "Hugging Face": []}
    for _ in range(args.runs):
        rows["weft"].append(
            in_child(weft_train, args.weft, args.text, args.vocab_size, args.threads, f"{directory}/t.json")
        )
        rows["Hugging Face"].append(in_child(hugging_face_trainer, args.text, args.vocab_size))
    medians = {name: [statistics.median(column) for column in zip(*values)] for name, values in rows.items()}
    for name, (seconds, memory) in medians.items():
        say(f"train {args.vocab_size}: {name}: {seconds:.2f} s, {megabytes / seconds:.1f} MB/s, {memory:.0f} MB")
    (weft_seconds, weft_memory), (seconds, memory) = medians["weft"], medians["Hugging Face"]
    what = f"BPE training, {megabytes:.0f} MB to {args.vocab_size}, {args.threads} threads"
    row(what, f"{weft_seconds:.2f} s", f"Hugging Face: {seconds:.2f} s", f"{seconds / weft_seconds:.1f}x", ">= 5")
    row("its peak resident memory", f"{weft_memory:.0f} MB", f"Hugging Face: {memory:.0f} MB",
        f"{weft_memory / memory:.2f}", "<= 0.5")  # fmt: skip


def tiktoken_of(path):
    import tiktoken

    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(b): b for b in printable}
    table.update({chr(256 + i): b for i, b in enumerate(b for b in range(256) if b not in printable)})
    vocab = json.load(open(path, encoding="utf-8"))["model"]["vocab"]
    tokens = sorted((i, bytes(table[c] for c in token)) for token, i in vocab.items() if token != SPECIAL)
    ranks = {token: rank for rank, (_, token) in enumerate(tokens)}
    return tiktoken.Encoding("weft", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={SPECIAL: len(ranks)})


def compare_encoding(args, directory):
    from tokenizers import Tokenizer

    path = f"{directory}/gpt4.json"
    train = [args.weft, "tokenizer", "train", "--input", args.text, "--vocab-size", args.vocab_size]
    weft(*train, "--pattern", "gpt4", "--output", path)
    hugging_face = Tokenizer.from_file(path)
    tiktoken = tiktoken_of(path)
    data = open(args.text, "rb").read(args.encode_mb * 1_000_000)
    text = data.decode("utf-8", errors="ignore")
    sample = f"{directory}/sample.txt"
    with open(sample, "w", encoding="utf-8") as file:
        file.write(text)
    megabytes = os.path.getsize(sample) / 1e6
    encode = [args.weft, "tokenizer", "encode", "--tokenizer", path]
    with open(f"{directory}/ids", "wb") as out:
        weft(*encode, sample, out=out)
    same = hugging_face.encode(text).ids == [int(i) for i in open(f"{directory}/ids").read().split()]
    say(f"encode: the same ids as Hugging Face: {same}")
    if not same:
        raise SystemExit("the ids differ from Hugging Face's")
    seconds = in_turns(
        args.runs,
        {
            "weft, 1 thread": lambda: weft(*encode, "--threads", 1, sample),
            f"weft, {args.threads} threads": lambda: weft(*encode, "--threads", args.threads, sample),
            "tiktoken, 1 thread": lambda: tiktoken.encode(text, allowed_special="all"),
            "Hugging Face, 1 string": lambda: hugging_face.encode(text),
        },
    )
    for name, value in seconds.items():
        say(f"encode {megabytes:.0f} MB: {name}: {megabytes / value:.1f} MB/s")
    one = seconds["weft, 1 thread"]
    for peer, target in (("Hugging Face, 1 string", ">= 3"), ("tiktoken, 1 thread", ">= 2")):
        row(f"encoding {megabytes:.0f} MB, {args.vocab_size} tokens, GPT-4's pattern, 1 thread",
            f"{megabytes / one:.1f} MB/s", f"{peer}: {megabytes / seconds[peer]:.1f} MB/s",
            f"{seconds[peer] / one:.1f}x", target)  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weft")
    parser.add_argument("text")
    parser.add_argument("--vocab-size", type=int, default=32_000)
    parser.add_argument("--encode-mb", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    with tempfile.TemporaryDirectory() as directory:
        compare_training(args, os.path.getsize(args.text) / 1e6, directory)
        compare_encoding(args, directory)


if __name__ == "__main__":
    main()
