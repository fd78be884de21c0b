#!/usr/bin/env bash
# What `weft graph dump` writes, read by others. Not part of CI: needs Python's onnx and onnxruntime.
#
# Usage: tests/peers/graph_dump.sh
# For the model as it is built and for its programs train, eval, prefill and decode, of preset tiny and of two models
# of other settings: onnx.parser reads the text, onnx.checker accepts it, each operator of domain weft has a function
# and says more than ONNX's schema, `weft opt` prints the same text again, and ONNX Runtime (or ONNX's reference),
# for which weft's operators are the functions in the text, computes what `weft run` does. Then the same numbers for
# each of weft's operators alone. Prints a line each; fails if one differs. PYTHON and WEFT: see python.sh.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/peers/python.sh" numpy ml_dtypes onnx onnxruntime torch
exec "$python" "$root/tests/peers/graph_dump.py" --weft "$weft" "$@"
