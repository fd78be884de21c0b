"""weft's dumped programs in other hands: see graph_dump.sh."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnx.checker
import onnx.defs
import onnx.inliner
import onnx.parser
import onnx.reference
import onnxruntime

import operator_graphs
from weft_run import ROOT, operators, weft_run

PROGRAMS = ("model", "train", "eval", "prefill", "decode")
SYMBOLS = {"batch": 2, "seq": 5}  # of program model; the others are bound
TOLERANCE = 2e-5  # of the output's largest magnitude
MODELS = (  # settings of `weft train`, for what preset tiny lacks
    "--norm post --rope interleaved --feed-forward gelu --num-kv-heads 2 --tie-embeddings --bias --dropout 0.1",
    "--norm none --rope none --feed-forward relu2 --qk-norm --optimizer sgd",
)
SIZE = "--d-model 48 --num-layers 2 --num-heads 4 --context-length 24 --batch-size 3 --steps 1 --tokenizer bytes"


def command(*args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, args))}: {done.stderr.strip()}")
    return done.stdout


def nodes_of(model):
    yield from model.graph.node
    for function in model.functions:
        yield from function.node


# ---- the text


def beyond_the_schema(node):
    """Whether the node of domain weft needs more than ONNX's operator of that name has."""
    try:
        schema = onnx.defs.get_schema(node.op_type, 24, "")
    except onnx.defs.SchemaError:
        return True  # ONNX has none
    present = lambda names: max([i + 1 for i, name in enumerate(names) if name], default=0)
    return (present(node.output) > len(schema.outputs) or present(node.input) > schema.max_input or
            any(a.name not in schema.attributes for a in node.attribute))


def check_text(weft, text, directory):
    """The model, or what is wrong with its text."""
    model = onnx.parser.parse_model(text)
    onnx.checker.check_model(model, full_check=True)
    functions = {(f.name, f.overload) for f in model.functions}
    for node in nodes_of(model):
        if node.domain == "" and not onnx.defs.has(node.op_type, 24, ""):
            raise ValueError(f"{node.op_type} is not ONNX's")
        if node.domain != "weft":
            continue
        if (node.op_type, node.overload) not in functions:
            raise ValueError(f"{node.op_type}:{node.overload} has no function")
        if not beyond_the_schema(node):
            raise ValueError(f"{node.op_type} of '{node.name}' could be ONNX's own")
    path = pathlib.Path(directory) / "graph.onnxtxt"
    path.write_text(text)
    if command(weft, "opt", path) != text:
        raise ValueError("`weft opt` prints another text")
    return model


# ---- the numbers


def with_plain_functions(model):
    """Overloads as names of their own, which every reader has, and only the functions in use."""
    plain = onnx.ModelProto()
    plain.CopyFrom(model)
    for node in nodes_of(plain):
        node.op_type += f"_{node.overload}" if node.overload else ""
        node.overload = ""
    for function in plain.functions:
        function.name += f"_{function.overload}" if function.overload else ""
        function.overload = ""
    for node in nodes_of(plain):  # ONNX Runtime has none at this opset; 0 does where any draw gives the same token
        if node.op_type == "RandomUniformLike":
            node.op_type, operand = "Sub", node.input[0]
            node.input.append(operand)
            del node.attribute[:]
    by_name, used = {f.name: f for f in plain.functions}, set()

    def use(nodes):
        for node in nodes:
            if node.domain == "weft" and node.op_type not in used:
                used.add(node.op_type)
                use(by_name[node.op_type].node)
    use(plain.graph.node)
    kept = [f for f in plain.functions if f.name in used]
    del plain.functions[:]
    plain.functions.extend(kept)
    return plain


def evaluate(model, inputs):
    """The outputs by name, and who computed them."""
    model = with_plain_functions(model)
    names = [v.name for v in model.graph.output]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # its ScatterND that adds loses sums where threads meet in one row
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    for inlined in ([], [("", "RotaryEmbedding")]):  # its kernel refuses more tokens than the tables have rows
        try:
            if inlined:
                model = onnx.inliner.inline_local_functions(model)  # one may hold it, where types are not known
                model = onnx.inliner.inline_selected_functions(model, inlined, inline_schema_functions=True)
            session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                   providers=["CPUExecutionProvider"])
            return dict(zip(names, session.run(names, inputs))), "ONNX Runtime"
        except Exception:
            pass
    # It also refuses empty tensors.
    return dict(zip(names, onnx.reference.ReferenceEvaluator(model).run(names, inputs))), "ONNX's reference"


def largest_difference(model, got, want):
    """Of the outputs: relative to each one's largest magnitude. A state's next value has the state's name in `got`."""
    worst = 0.0
    states = {p.key.removeprefix("weft.alias."): p.value for p in model.metadata_props
              if p.key.startswith("weft.alias.")}
    for name, value in want.items():
        value, ours = np.asarray(value), got[states.get(name, name)]
        if ours.shape != value.shape or ours.dtype != value.dtype:
            raise ValueError(f"{name} is {ours.dtype}{list(ours.shape)}, expected {value.dtype}{list(value.shape)}")
        if value.size == 0:
            continue
        a, b = ours.astype(np.float64), value.astype(np.float64)
        if not np.isfinite(a).all() or not np.isfinite(b).all():
            raise ValueError(f"{name} is not finite")
        scale = np.abs(b).max()
        difference = np.abs(a - b).max() / (scale if scale > 0 else 1)
        if difference > TOLERANCE:
            raise ValueError(f"{name} differs by {difference:.1e} of its largest magnitude")
        worst = max(worst, difference)
    return worst


def inputs_of(model, program, draws):
    """Random numbers; what a program calls by a fixed name has a range."""
    rng = np.random.default_rng(11)
    states = {p.key.removeprefix("weft.state.") for p in model.metadata_props if p.key.startswith("weft.state.")}
    shapes = {v.name: [SYMBOLS.get(d.dim_param, d.dim_value) for d in v.type.tensor_type.shape.dim] for v in model.graph.input}
    rows = max([shapes[n][0] for n in shapes if n.endswith("embed_tokens.weight")], default=2)
    given = {}
    for value in model.graph.input:
        name, shape = value.name, shapes[value.name]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        if name in states:
            x = rng.standard_normal(shape) * 0.2
            x = np.abs(x) if name.startswith("adamw.v.") else x
        else:
            tables = [s[0] for n, s in shapes.items() if n.endswith("rotary_emb.cos")]
            start = 7 if program == "decode" else 0
            positions = np.minimum(start + np.arange(shape[-1] if shape else 1), min(tables, default=10**9) - 1)
            x = {
                "tokens": lambda: rng.integers(0, rows, shape),
                "labels": lambda: rng.integers(-1, rows, shape),
                "positions": lambda: np.broadcast_to(positions, shape),
                "lengths": lambda: np.full(shape, 1 if program == "decode" else 13),
                "table": lambda: np.arange(np.prod(shape)).reshape(shape),
                "start": lambda: np.full(shape, start),
                "temperature": lambda: np.full(shape, 0.7 if draws else 0),
                "top_k": lambda: np.full(shape, 1 if draws else 0),  # of one token, so that the draw is sure
                "top_p": lambda: np.full(shape, 0.9 if draws else 1),
                "min_p": lambda: np.full(shape, 0.05 if draws else 0),
                "repetition_penalty": lambda: np.full(shape, 1.3),
                "history": lambda: np.zeros(shape),
                "lr": lambda: np.full(shape, 0.01),
                "step": lambda: np.full(shape, 3),
                "seed": lambda: np.full(shape, 5),
            }.get(name, lambda: rng.standard_normal(shape))()
        given[name] = np.asarray(x).astype(dtype)
    return given


def draws_numbers(model):
    """Whether the numbers are each reader's own: dropout."""
    functions = {(f.name, f.overload): f for f in model.functions}  # one may call another of its name
    random = lambda nodes: any(n.op_type in ("RandomUniform", "RandomNormal") or
                               n.domain == "weft" and n.op_type != "Sample" and
                               random(functions[n.op_type, n.overload].node) for n in nodes)
    return random(model.graph.node)


def check_program(weft, text, program, directory):
    model = check_text(weft, text, directory)
    counts = f"{len(model.graph.node)} nodes, {len(model.functions)} functions"
    if draws_numbers(model):
        return f"{counts}; no numbers compared: it draws some"
    worst, who = 0.0, ""
    for draws in (False, True) if program in ("prefill", "decode") else (False,):
        inputs = inputs_of(model, program, draws)
        want, who = evaluate(model, inputs)
        worst = max(worst, largest_difference(model, weft_run(weft, text, inputs), want))
    return f"{counts}, {len(model.graph.output)} outputs as {who} computes them within {worst:.1e}"


def check_body(weft, graph, directory):
    """One of weft's operators by its function."""
    path = pathlib.Path(directory) / "own.onnxtxt"
    path.write_text(graph.text)
    text = command(weft, "opt", path)
    model = check_text(weft, text, directory)
    want, _ = evaluate(model, graph.inputs)
    return largest_difference(model, weft_run(weft, text, graph.inputs), want)


def sources(weft, directory):
    """(name, arguments of `weft graph dump`)"""
    yield "preset tiny", ("--preset", "tiny")
    for i, settings in enumerate(MODELS):
        out = pathlib.Path(directory) / f"model{i}"
        command(weft, "train", "--text", ROOT / "docs/design.md", "--out", out, *SIZE.split(), *settings.split())
        yield settings, ("--model", out, "--batch-size", 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weft", required=True)
    args = parser.parse_args()
    failed, done = 0, 0

    def attempt(name, check, *check_args):
        nonlocal failed, done
        try:
            result, done = check(*check_args), done + 1
        except Exception as e:
            result, failed = f"FAILED: {type(e).__name__}: {str(e)[:500]}", failed + 1
        print(f"{name}: {result}", flush=True)

    with tempfile.TemporaryDirectory() as directory:
        for name, flags in sources(args.weft, directory):
            for program in PROGRAMS:
                text = command(args.weft, "graph", "dump", *flags, "--program", program)
                attempt(f"{name}, {program}", check_program, args.weft, text, program, directory)
        table = operator_graphs.table()
        for _, domain, name in operators():
            if domain != "weft" or name in operator_graphs.RANDOM:
                continue
            attempt(f"body of {name}", lambda name=name: f"{len(table[name])} graphs within " + format(
                max(check_body(args.weft, graph, directory) for graph in table[name]), ".1e"))
    print(f"{done} of {done + failed} hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
