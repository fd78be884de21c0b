"""Reading a prompt and writing tokens, weft and llama.cpp: the same shape and type of weights, random weights, in turns.

Usage: python3 llama.py WEFT LLAMA_BENCH [--shape cs336|163m|1.5b] [--dtype bf16|f32] [--runs 5] [--threads 2]
WEFT is weft's binary, LLAMA_BENCH is llama.cpp's `llama-bench`. Needs the packages numpy and gguf, which writes the
peer's model file (in a temporary folder: 2 bytes a weight). Both read one prompt of 512 tokens and write 128; a run
is one process. Prints rows of the table in docs/benchmarks.md, medians.
"""

import argparse
import json
import os
import tempfile

from table import medians, note, row, run

SHAPES = {
    "cs336": {"preset": "cs336-17m", "vocab": 10000, "d": 512, "layers": 4, "heads": 16, "kv": 16, "ff": 1344},
    "163m": {"preset": "163m", "vocab": 49152, "d": 576, "layers": 30, "heads": 9, "kv": 3, "ff": 1536},
    "1.5b": {"preset": "1.5b", "vocab": 128256, "d": 2048, "layers": 16, "heads": 32, "kv": 8, "ff": 8192},
}
PROMPT, WRITTEN = 512, 128
TARGETS = {"cs336": (4, 1.5), "163m": (8, 1.5), "1.5b": (8, 1.3)}


def tensors(shape):
    """Name and shape of every weight, [outputs, inputs], by llama.cpp's names."""
    d, kv = shape["d"], shape["d"] // shape["heads"] * shape["kv"]
    yield "token_embd.weight", (shape["vocab"], d)
    for i in range(shape["layers"]):
        block = {
            "attn_norm": (d,), "attn_q": (d, d), "attn_k": (kv, d), "attn_v": (kv, d), "attn_output": (d, d),
            "ffn_norm": (d,), "ffn_gate": (shape["ff"], d), "ffn_up": (shape["ff"], d), "ffn_down": (d, shape["ff"]),
        }  # fmt: skip
        for name, size in block.items():
            yield f"blk.{i}.{name}.weight", size
    yield "output_norm.weight", (d,)
    yield "output.weight", (shape["vocab"], d)


def write_model(path, shape, dtype):
    import gguf
    import numpy

    kind = {"bf16": gguf.GGMLQuantizationType.BF16, "f32": gguf.GGMLQuantizationType.F32}[dtype]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(PROMPT + WRITTEN)
    writer.add_embedding_length(shape["d"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["ff"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["kv"])
    writer.add_rope_dimension_count(shape["d"] // shape["heads"])
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(shape["vocab"])
    writer.add_tokenizer_model("no_vocab")
    random = numpy.random.default_rng(1)
    for name, size in tensors(shape):
        if len(size) == 1:
            writer.add_tensor(name, numpy.ones(size, numpy.float32))
            continue
        values = random.standard_normal(size, numpy.float32) * (2 / sum(size)) ** 0.5
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return sum(int(numpy.prod(size)) for _, size in tensors(shape))


def weft(args, shape):
    output, peak = run([args.weft, "bench", "generate", "--preset", shape["preset"], "--vocab-size", shape["vocab"],
                        "--precision", args.dtype, "--prompt-length", PROMPT, "--new-tokens", WRITTEN, "--runs", 1,
                        "--threads", args.threads, "--json"])  # fmt: skip
    found = json.loads(output)
    return {"prompt": found["prefill_tok_s"], "decode": found["decode_tok_s"], "peak": peak}


def llama(args, model):
    output, peak = run([args.llama_bench, "-m", model, "-p", PROMPT, "-n", WRITTEN, "-t", args.threads, "-r", 1,
                        "-ngl", 0, "-o", "json"])  # fmt: skip
    found = json.loads(output)
    speed = {("prompt" if test["n_prompt"] > 0 else "decode"): test["avg_ts"] for test in found}
    return {**speed, "peak": peak}, found[0]["build_commit"]


def compare(args, model):
    shape = SHAPES[args.shape]
    parameters = write_model(model, shape, args.dtype)
    note(f"{args.shape}: {parameters:,} parameters")
    ours, theirs = [], []
    for number in range(args.runs):
        ours.append(weft(args, shape))
        found, version = llama(args, model)
        theirs.append(found)
        for name, result in (("weft", ours[-1]), ("llama.cpp", found)):
            note(f"{args.shape}, run {number + 1}: {name}: prompt {result['prompt']:.1f} tok/s, "
                 f"decode {result['decode']:.2f} tok/s, {result['peak'] / 1e6:.0f} MB")  # fmt: skip
    ours, theirs = medians(ours), medians(theirs)
    texts = {"prompt": f"reading a prompt of {PROMPT}", "decode": f"writing {WRITTEN} tokens"}
    for key, target in zip(texts, TARGETS[args.shape]):
        row(f"{texts[key]}, {args.shape}, {args.dtype}, {args.threads} threads", f"{ours[key]:.1f} tok/s",
            f"llama.cpp {version}: {theirs[key]:.1f} tok/s", f"{ours[key] / theirs[key]:.2f}x",
            f">= {target}" if args.dtype == "bf16" else "")  # fmt: skip
    row(f"its peak resident memory, {args.shape}, {args.dtype}", f"{ours['peak'] / 1e6:.0f} MB",
        f"llama.cpp: {theirs['peak'] / 1e6:.0f} MB", f"{ours['peak'] / theirs['peak']:.2f}", "")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weft")
    parser.add_argument("llama_bench")
    parser.add_argument("--shape", choices=SHAPES, default="163m")
    parser.add_argument("--dtype", choices=["bf16", "f32"], default="bf16")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(args, os.path.join(folder, "model.gguf"))


if __name__ == "__main__":
    main()
