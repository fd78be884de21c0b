#!/usr/bin/env bash
# Every figure of docs/benchmarks.md that is compared with a peer or with the machine, as one table on standard output
# (what each run gave on standard error). Takes a quarter of an hour on a quiet machine; on a busy one it is worth nothing.
#
#   tests/benchmarks/cpu.sh [TEXT]     PYTHON=... WEFT=... RUNS=5 THREADS=2
#
# TEXT is what the tokenizers read, best 100 MB; without it, text files of this machine (headers, Python, documentation).
# PYTHON has torch, tokenizers and tiktoken (default: a virtual environment under build/peers, made from the network).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$root/tests/peers/python.sh" torch tokenizers tiktoken
runs=${RUNS:-5}
threads=${THREADS:-$(nproc)}
scripts=$root/tests/benchmarks/peers
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

text=${1:-}
if [ -z "$text" ]; then
  text=$temporary/text
  # Valid UTF-8 only: the peers read strings. head closes the pipe and iconv says that it left something out: no failures.
  (find /usr/include /usr/lib/python3* /usr/share/doc /usr/share/perl* -type f \
    \( -name '*.h' -o -name '*.py' -o -name '*.txt' -o -name copyright -o -name '*.p[lm]' \) -print0 2>/dev/null |
    sort -z | xargs -0 cat | head -c 100000000 | iconv -c -f UTF-8 -t UTF-8 || true) >"$text"
fi

"$weft" doctor >&2
echo "| what | weft | other | ratio | target |"
echo "|---|---|---|---|---|"
"$python" "$scripts/roofs.py" "$weft" --runs "$runs" --threads "$threads"
"$python" "$scripts/train.py" "$weft" --shape cs336 --runs "$runs" --threads "$threads"
"$python" "$scripts/train.py" "$weft" --shape small --runs "$runs" --threads "$threads" --steps 50
for vocab_size in 10000 32000; do
  "$python" "$scripts/tokenizer.py" "$weft" "$text" --vocab-size "$vocab_size" --runs "$runs" --threads "$threads"
done
