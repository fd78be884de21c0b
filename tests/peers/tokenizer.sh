#!/usr/bin/env bash
# weft's tokenizer against Hugging Face tokenizers and a plain reference in Python. Not part of CI: needs the
# network once, for pip.
#
# Usage: tests/peers/tokenizer.sh [TEXT] [VOCAB_SIZE]
#   TEXT        what to train on (default: ../shared/data/tinyshakespeare.txt beside this repository)
#   VOCAB_SIZE  default 2000
# PYTHON names a Python that has the packages tokenizers and regex; otherwise build/peers gets one. WEFT names
# the binary (default: build/release/tools/weft).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
text=${1:-$root/../shared/data/tinyshakespeare.txt}
vocab_size=${2:-2000}
weft=${WEFT:-$root/build/release/tools/weft}
[ -r "$text" ] || { echo "no text to train on: '$text' cannot be read (give one as argument)" >&2; exit 1; }
[ -x "$weft" ] || { echo "no binary '$weft': cmake --preset release && cmake --build --preset release --target weft" >&2; exit 1; }

python=${PYTHON:-}
if [ -z "$python" ]; then
  python=$root/build/peers/bin/python
  if ! "$python" -c 'import tokenizers, regex' 2>/dev/null; then
    python3 -m venv "$root/build/peers"
    "$root/build/peers/bin/pip" install --quiet tokenizers regex
  fi
fi
exec "$python" "$root/tests/peers/tokenizer.py" --weft "$weft" --text "$text" --vocab-size "$vocab_size"
