"""weft's operators against other implementations: see operators.sh."""
import argparse
import sys

import numpy as np
import onnx
import onnx.reference
import onnxruntime

import operator_graphs
from weft_run import Crashed, Refused, operators, weft_run

RTOL, ATOL = 1e-5, 1e-5  # atol: of the output's largest magnitude


def reference(graph):
    """The outputs by name, and who computed them."""
    if graph.formula is not None:
        return graph.formula(), "PyTorch"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # see graph_dump.py
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    names = [v.name for v in graph.model.graph.output]
    try:
        session = onnxruntime.InferenceSession(graph.model.SerializeToString(), options,
                                               providers=["CPUExecutionProvider"])
        return dict(zip(names, session.run(names, graph.inputs))), "ONNX Runtime"
    except Exception:  # it has no kernel, or refuses an empty tensor
        values = onnx.reference.ReferenceEvaluator(graph.model).run(names, graph.inputs)
        return dict(zip(names, values)), "ONNX's reference"


def difference(got, want):
    want = np.asarray(want)
    if got.shape != want.shape:
        return f"has shape {list(got.shape)}, expected {list(want.shape)}"
    if got.dtype != want.dtype:
        return f"is {got.dtype}, expected {want.dtype}"
    if want.size == 0:
        return ""
    a, b = got.astype(np.float64), want.astype(np.float64)
    finite = np.abs(b[np.isfinite(b)])
    largest = finite.max() if finite.size else 0.0
    bad = ~np.isclose(a, b, rtol=RTOL, atol=ATOL * largest, equal_nan=True)
    if not bad.any():
        return ""
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    return f"is {got[at]} at {list(at)}, expected {want[at]} ({int(bad.sum())} of {bad.size} differ)"


def check(weft, graph, flags):
    """Empty, or what differs."""
    want, who = reference(graph)
    try:
        got = weft_run(weft, graph.text, graph.inputs, *flags)
    except (Refused, Crashed) as e:
        return f"{type(e).__name__.lower()}: {e}"
    for name, value in want.items():
        problem = difference(got[name], value) if name in got else "is missing"
        if problem:
            return f"output {name} {problem} ({who})"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weft", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--kernels", default="fast")
    args = parser.parse_args()
    table = operator_graphs.table()
    reproduced, tested, compared, random = 0, 0, 0, []
    for folder, domain, name in operators():
        if args.only and args.only not in (folder, name):
            continue
        graphs = table.get(name)
        if name in operator_graphs.RANDOM:
            random.append(name)
            continue
        tested += 1
        if not graphs:
            print(f"{name}: no graphs in operator_graphs.py: a new operator needs three")
            continue
        problems = []
        for number, graph in enumerate(graphs):
            problem = check(args.weft, graph, ["--kernels", args.kernels])
            if problem:
                problems.append(f"{name} [{number}]: {problem}")
        print("\n".join(problems) if problems else f"{name}: {len(graphs)} graphs", flush=True)
        reproduced += not problems
        compared += len(graphs)
    print(f"left out, drawing random numbers: {', '.join(random)}")
    print(f"{reproduced} of {tested} operators reproduced, {compared} graphs")
    return 0 if reproduced == tested else 1


if __name__ == "__main__":
    sys.exit(main())
