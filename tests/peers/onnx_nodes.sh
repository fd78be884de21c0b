#!/usr/bin/env bash
# ONNX's own node tests of the operators that weft has, through `weft run`. Not part of CI: needs Python's onnx.
#
# Usage: tests/peers/onnx_nodes.sh [--verbose] [--only SUBSTRING]
# Prints how many pass, lists those refused with the reason; fails if one is wrong or crashes, or if fewer than
# 90 % pass. PYTHON and WEFT: see python.sh.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/peers/python.sh" numpy ml_dtypes onnx
exec "$python" "$root/tests/peers/onnx_nodes.py" --weft "$weft" "$@"
