"""ONNX's plain node tests of weft's operators, through `weft run`: see onnx_nodes.sh."""
import argparse
import collections
import sys

import numpy as np
import onnx
import onnx.backend.test.loader
import onnx.numpy_helper
import onnx.printer

from weft_run import Crashed, NotWritable, Refused, operators, weft_run

OPSET = 24
RTOL, ATOL = 1e-3, 1e-7  # the test suite's own


def to_array(value):
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value)
    raise NotWritable(type(value).__name__)  # a sequence, an absent optional


def opset_of(model):
    return max([o.version for o in model.opset_import if o.domain in ("", "ai.onnx")], default=0)


def is_random(model):
    """Dropout that drops: its numbers are every implementation's own."""
    return any(node.op_type == "Dropout" and len(node.input) > 2 for node in model.graph.node)


def same(got, want):
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape or got.dtype != want.dtype:
        return f"is {got.dtype}{list(got.shape)}, expected {want.dtype}{list(want.shape)}"
    if want.dtype.kind in "iub":
        bad = got != want
    else:
        a, b = got.astype(np.float64), want.astype(np.float64)
        bad = ~np.isclose(a, b, rtol=RTOL, atol=ATOL, equal_nan=True)
    if not bad.any():
        return ""
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    return f"is {got[at]} at {list(at)}, expected {want[at]} ({int(bad.sum())} of {bad.size} differ)"


def run_case(weft, case):
    """('pass' | 'refused' | 'wrong' | 'crashed', why)"""
    model = case.model
    try:
        for given, expected in case.data_sets:
            inputs = {v.name: to_array(a) for v, a in zip(model.graph.input, given)}
            want = {v.name: to_array(a) for v, a in zip(model.graph.output, expected)}
            got = weft_run(weft, onnx.printer.to_text(model), inputs)
            for name, value in want.items():
                difference = same(got[name], value) if name in got else "is missing"
                if difference:
                    return "wrong", f"{name} {difference}"
    except NotWritable as e:
        return "refused", f"safetensors has no type for {e}"
    except Refused as e:
        lines = str(e).split("\n")
        return "refused", lines[0].removeprefix("weft: ").removeprefix("graph: ")
    except Crashed as e:
        return "crashed", str(e)
    return "pass", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weft", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    ours = {name for _, domain, name in operators() if domain == ""}
    counts = {"at": collections.Counter(), "above": collections.Counter()}
    by_op = collections.defaultdict(collections.Counter)
    refused, failed, random = [], [], 0
    for case in onnx.backend.test.loader.load_node_model_tests():
        nodes = case.model.graph.node
        plain = not case.name.endswith("_expanded") and "_expanded_" not in case.name
        if not plain or not all(n.domain == "" and n.op_type in ours for n in nodes) or args.only not in case.name:
            continue
        if is_random(case.model):
            random += 1
            continue
        outcome, why = run_case(args.weft, case)
        where = "at" if opset_of(case.model) <= OPSET else "above"
        counts[where][outcome] += 1
        if where == "at":
            by_op[nodes[0].op_type][outcome] += 1
        if outcome == "refused":
            refused.append(f"{case.name}: {why}")
        elif outcome != "pass":
            failed.append(f"{outcome}: {case.name}: {why}")
        if args.verbose:
            print(f"{outcome:8} {case.name}  {why}", flush=True)
    print("refused:" if refused else "none refused")
    for line in refused:
        print(f"  {line}")
    for line in failed:
        print(line)
    for op, outcomes in sorted(by_op.items()):
        print(f"  {op:28} {outcomes['pass']:4} of {sum(outcomes.values()):4} pass")
    at = counts["at"]
    total = sum(at.values())
    share = 100 * at["pass"] / max(total, 1)
    print(f"opset <= {OPSET}: {at['pass']} of {total} pass ({share:.1f} %), {at['refused']} refused, "
          f"{at['wrong']} wrong, {at['crashed']} crashed; {random} that draw random numbers left out")
    above = counts["above"]
    print(f"later opsets: {above['pass']} of {sum(above.values())} pass, {above['refused']} refused, "
          f"{above['wrong']} wrong, {above['crashed']} crashed")
    return 0 if not failed and share >= 90 else 1


if __name__ == "__main__":
    sys.exit(main())
