#!/usr/bin/env bash
# Every operator of ops/op_list.inc through `weft run`, three graphs each or more, against ONNX Runtime (or, where it lacks
# the operator, ONNX's reference), weft's own operators against their formula in PyTorch. Not part of CI.
#
# Usage: tests/peers/operators.sh [--only OPERATOR] [--kernels fast|plain]
# Prints a line for each operator that differs and "N of N operators reproduced". PYTHON and WEFT: see python.sh.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/peers/python.sh" numpy ml_dtypes onnx onnxruntime torch
exec "$python" "$root/tests/peers/operators.py" --weft "$weft" "$@"
