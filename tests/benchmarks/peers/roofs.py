"""weft against this machine: the roofs of products and of reading memory, and the memory plan against what was used.

Usage: python3 roofs.py WEFT [--runs 5] [--threads 2]
Runs `weft bench train` and `weft bench generate` of the CS336 model several times; prints rows of the table in
docs/benchmarks.md, medians. Needs no package.
"""

import argparse
import json
import os

from table import medians, note, row, run


def training(args, bench):
    found = bench("train", "--preset", "cs336-17m", "--batch-size", 8)
    row("training step, cs336-17m, f32, batch 8", f"{found['gflop_s']:.0f} GFLOP/s",
        f"product of 1024 x 1024: {found['roof_gflop_s']:.0f} GFLOP/s", f"{100 * found['mfu']:.0f} % of it", "")  # fmt: skip
    planned, measured = found["planned_peak_bytes"], found["measured_peak_bytes"]
    row("its planned peak", f"{planned / 1e6:.1f} MB", f"measured: {measured / 1e6:.1f} MB",
        f"{100 * (measured / planned - 1):+.1f} %", "within 2 %")  # fmt: skip
    row("its arena", f"{found['arena_bytes'] / 1e6:.1f} MB", f"max-live: {found['arena_lower_bound_bytes'] / 1e6:.1f} MB",
        f"{found['arena_bytes'] / found['arena_lower_bound_bytes']:.4f}", "<= 1.00")  # fmt: skip


def decoding(args, bench):
    found = bench("generate", "--preset", "cs336-17m")
    row(f"decoding, cs336-17m, f32, prompt {found['prompt_length']:.0f} + {found['new_tokens']:.0f} tokens",
        f"{found['decode_tok_s']:.0f} tok/s, {found['read_gb_s']:.1f} GB/s",
        f"reading memory: {found['roof_read_gb_s']:.1f} GB/s", f"{found['roof_share']:.2f} of it", ">= 0.5")  # fmt: skip
    row("reading its prompt", f"{found['prefill_tok_s']:.0f} tok/s, {found['first_token_ms']:.1f} ms to the first token",
        "", "", "")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weft")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()

    def bench(*command):
        results = []
        for _ in range(args.runs):
            output, _ = run([args.weft, "bench", *command, "--threads", args.threads, "--json"])
            results.append(json.loads(output))
            note(f"{' '.join(map(str, command))}: " + ", ".join(f"{k} {v:.4g}" for k, v in results[-1].items()
                                                               if k in ("tok_s", "mfu", "decode_tok_s", "roof_share")))  # fmt: skip
        return medians(results)

    training(args, bench)
    decoding(args, bench)


if __name__ == "__main__":
    main()
