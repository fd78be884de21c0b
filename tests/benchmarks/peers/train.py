"""A training step of weft and of PyTorch, eager and compiled: the same shape, batch and threads, in turns.

Usage: python3 train.py WEFT [--shape cs336|small] [--precision f32|bf16] [--runs 5] [--steps 10] [--threads 2]
                        [--modes eager compile]
WEFT is the binary. Needs the package torch. Everyone runs in a process of its own, trains on random tokens, leaves
warm-up out and reports its median step and the peak of its resident memory. PyTorch is used at its best: SDPA, fused
AdamW, q, k and v in one product, embedding and head untied as in weft. In bf16 both keep weights and optimizer in f32:
PyTorch runs forward and loss under autocast. Prints rows of the table in docs/benchmarks.md.
"""

import argparse
import json
import math
import os
import resource
import sys
import time

from table import medians, note, row, run

SHAPES = {
    "cs336": {"vocab": 10000, "context": 256, "d": 512, "layers": 4, "heads": 16, "ff": 1344, "batch": 8},
    "small": {"vocab": 256, "context": 64, "d": 128, "layers": 4, "heads": 4, "ff": 344, "batch": 12},
}
WARM_UP = 3
TARGETS = {
    ("cs336", "f32", "compile"): ">= 1.2",
    ("cs336", "bf16", "compile"): ">= 2.5",
    ("small", "f32", "eager"): ">= 1.8",
    ("small", "bf16", "eager"): ">= 2.5",
}


def transformer(shape):
    """The decoder of `weft bench train`: RMSNorm before each layer, rotary positions, SwiGLU, no biases."""
    import torch
    from torch import nn
    from torch.nn import functional

    width, heads, context = shape["d"], shape["heads"], shape["context"]
    size = width // heads

    def linear(inputs, outputs):
        layer = nn.Linear(inputs, outputs, bias=False)
        deviation = math.sqrt(2 / (inputs + outputs))
        nn.init.trunc_normal_(layer.weight, 0, deviation, -3 * deviation, 3 * deviation)
        return layer

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.before_attention, self.before_feed_forward = nn.RMSNorm(width, 1e-5), nn.RMSNorm(width, 1e-5)
            self.qkv, self.out = linear(width, 3 * width), linear(width, width)
            self.gate, self.up = linear(width, shape["ff"]), linear(width, shape["ff"])
            self.down = linear(shape["ff"], width)

        def attention(self, x, cos, sin):
            batch, tokens, _ = x.shape
            q, k, v = self.qkv(x).view(batch, tokens, 3, heads, size).permute(2, 0, 3, 1, 4)

            def rotate(t):
                low, high = t.chunk(2, -1)
                return torch.cat((low * cos - high * sin, low * sin + high * cos), -1)

            y = functional.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True)
            return self.out(y.transpose(1, 2).reshape(batch, tokens, width))

        def forward(self, x, cos, sin):
            x = x + self.attention(self.before_attention(x), cos, sin)
            h = self.before_feed_forward(x)
            return x + self.down(functional.silu(self.gate(h)) * self.up(h))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(shape["vocab"], width)
            nn.init.trunc_normal_(self.embedding.weight, 0, 1, -3, 3)
            self.blocks = nn.ModuleList(Block() for _ in range(shape["layers"]))
            self.norm, self.head = nn.RMSNorm(width, 1e-5), linear(width, shape["vocab"])
            frequency = 10000 ** (-torch.arange(0, size, 2).float() / size)
            angle = torch.outer(torch.arange(context).float(), frequency)
            self.register_buffer("cos", angle.cos(), persistent=False)
            self.register_buffer("sin", angle.sin(), persistent=False)

        def forward(self, tokens):
            x = self.embedding(tokens)
            for block in self.blocks:
                x = block(x, self.cos, self.sin)
            return self.head(self.norm(x))

    return Model()


def pytorch(mode, shape, steps, threads, precision):
    """Trains in this process; prints one JSON object."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = transformer(shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    size = (WARM_UP + steps, shape["batch"], shape["context"] + 1)
    data = torch.randint(0, shape["vocab"], size)

    def loss_of(batch):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
            logits = model(batch[:, :-1])
            return functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())

    loss_fn = torch.compile(loss_of) if mode == "compile" else loss_of
    seconds, losses = [], []
    for batch in data:
        start = time.perf_counter()
        loss = loss_fn(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    timed = sorted(seconds[WARM_UP:])
    median = (timed[(len(timed) - 1) // 2] + timed[len(timed) // 2]) / 2
    print(json.dumps({
        "step_ms": 1e3 * median,
        "tok_s": shape["batch"] * shape["context"] / median,
        "parameters": sum(p.numel() for p in model.parameters()),
        "first_loss": losses[0],
        "measured_peak_bytes": 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before),
        "version": torch.__version__,
    }))  # fmt: skip


def weft_command(args, shape):
    flags = {
        "vocab-size": shape["vocab"],
        "context-length": shape["context"],
        "d-model": shape["d"],
        "num-layers": shape["layers"],
        "num-heads": shape["heads"],
        "d-ff": shape["ff"],
        "batch-size": shape["batch"],
        "steps": args.steps,
        "warm-up": WARM_UP,
        "threads": args.threads,
        "precision": args.precision,
    }
    return [args.weft, "bench", "train", "--json", *(part for flag in flags.items() for part in ("--" + flag[0], flag[1]))]


def memory_text(result):
    """The whole process, and how much of it came after the program was loaded."""
    return f"{result['peak'] / 1e6:.0f} MB (growth {result['measured_peak_bytes'] / 1e6:.0f} MB)"


def compare(args):
    shape = SHAPES[args.shape]
    commands = {"weft": weft_command(args, shape)}
    for mode in args.modes:
        commands[mode] = [sys.executable, __file__, args.weft, "--child", mode, "--shape", args.shape,
                          "--precision", args.precision, "--steps", args.steps, "--threads", args.threads]  # fmt: skip
    results = {name: [] for name in commands}
    version = ""
    for number in range(args.runs):
        for name, command in commands.items():
            output, peak = run(command)
            result = json.loads(output)
            version = result.pop("version", version)
            kept = {key: result[key] for key in ("step_ms", "tok_s", "parameters", "first_loss", "measured_peak_bytes")}
            results[name].append({**kept, "peak": peak})
            note(f"{args.shape}, {args.precision}, run {number + 1}: {name}: {result['tok_s']:.0f} tok/s, {result['step_ms']:.1f} ms, "
                 f"{memory_text(results[name][-1])}, first loss {result['first_loss']:.3f}")  # fmt: skip
    report(args, shape, {name: medians(values) for name, values in results.items()}, version)


def report(args, shape, found, version):
    weft = found["weft"]
    for mode in args.modes:
        peer = found[mode]
        if peer["parameters"] != weft["parameters"] or abs(peer["first_loss"] - weft["first_loss"]) > 0.1:
            raise SystemExit(f"not the same work: {weft} and {peer}")
        target = TARGETS.get((args.shape, args.precision, mode), "")
        what = (f"training step, {args.shape}, {args.precision}, batch {shape['batch']} x {shape['context']}, "
                f"{args.threads} threads")  # fmt: skip
        row(what, f"{weft['tok_s']:.0f} tok/s, {weft['step_ms']:.1f} ms",
            f"PyTorch {version} {mode}: {peer['tok_s']:.0f} tok/s, {peer['step_ms']:.1f} ms",
            f"{weft['tok_s'] / peer['tok_s']:.2f}x", target)  # fmt: skip
    peer = found[args.modes[0]]
    row(f"its peak resident memory, {args.shape}, {args.precision}", memory_text(weft), f"PyTorch {args.modes[0]}: {memory_text(peer)}",
        f"{weft['peak'] / peer['peak']:.2f} ({weft['measured_peak_bytes'] / peer['measured_peak_bytes']:.2f} of the growth)",
        "<= 0.5 (cs336)" if args.shape == "cs336" else "")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weft")
    parser.add_argument("--shape", choices=SHAPES, default="cs336")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--modes", nargs="+", choices=["eager", "compile"], default=["eager", "compile"])
    parser.add_argument("--child", choices=["eager", "compile"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        pytorch(args.child, SHAPES[args.shape], args.steps, args.threads, args.precision)
    else:
        compare(args)


if __name__ == "__main__":
    main()
