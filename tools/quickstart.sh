#!/usr/bin/env bash
# From nothing to a small model that writes: quickstart.sh [TEXT_FILE]. Installs packages, builds weft, makes stories (or takes
# your text), trains a few minutes and writes from a prompt. Safe to run again: it goes on where it was.
set -euo pipefail
[ $# -eq 0 ] || set -- "$(realpath "$1")"
cd "$(dirname "$0")/.."
tools/install_packages.sh build
cmake --preset release -DWEFT_TESTS=OFF >/dev/null
cmake --build --preset release --target weft
weft=build/release/tools/weft
work=run/quickstart
mkdir -p run
export OMP_WAIT_POLICY=passive
if [ $# -gt 0 ]; then
  text=$1
  prompt=$(head -c 40 "$text" | tr '\n' ' ')
  work=run/quickstart-$(basename "$text")
else
  text=run/stories.txt
  prompt="Once"
  [ -e "$text" ] || $weft data stories --count 20000 --seed 1 --output "$text"
fi
if [ -e "$work/run.json" ]; then
  $weft train --resume "$work"
else
  $weft train --text "$text" --preset tiny --vocab-size 1024 --steps 1200 --batch-size 16 --lr 3e-3 --min-lr 3e-4 \
    --warmup-steps 50 --eval-every 200 --save-every 200 --out "$work"
fi
echo "--- a text by the model, from \"$prompt\":"
$weft generate --model "$work" --prompt "$prompt" --max-tokens 200 --temperature 0.8 --seed 1
echo "--- the run is in $work: metrics.jsonl, checkpoints/latest (a Hugging Face model directory)"
