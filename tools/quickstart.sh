#!/usr/bin/env bash
# From nothing to a small model that writes: quickstart.sh [TEXT_FILE].
# Installs packages, builds weft, makes stories (or takes your text), trains for about three minutes on two cores, says how
# good the model is, and writes from a prompt. Safe to run again: what is there is kept, training goes on where it was.
set -euo pipefail

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || step() { printf '\n== %s\n' "$*"; }

usage="usage: quickstart.sh [TEXT_FILE]"
case "${1:-}" in
  -h | --help) sed -n '2,4s/^# //p' "$0" && exit 0 ;;
  -*) echo "$usage" >&2 && exit 2 ;;
esac
[ $# -le 1 ] || { echo "$usage" >&2 && exit 2; }
own=${1:-}
if [ -n "$own" ]; then
  if [ ! -f "$own" ] || [ ! -r "$own" ]; then
    echo "quickstart.sh: '$own' is not a file that can be read" >&2
    exit 1
  fi
  own=$(realpath "$own")
fi
cd "$(dirname "$0")/.."
export OMP_WAIT_POLICY=passive
weft=build/release/tools/weft

step "1. Packages"
tools/install_packages.sh build
echo "All there."

step "2. Building weft (minutes the first time)"
mkdir -p run
# A build with its tests keeps them.
[ -e build/release/CMakeCache.txt ] || tests=-DWEFT_TESTS=OFF
if ! cmake --preset release ${tests:-} >run/build.log 2>&1; then
  cat run/build.log >&2
  exit 1
fi
if [ -t 1 ]; then
  cmake --build --preset release --target weft
elif ! cmake --build --preset release --target weft >>run/build.log 2>&1; then
  tail -n 40 run/build.log >&2
  exit 1
fi
echo "$weft"

# What is trained. Stories: windows that hold two or three whole ones, and no story seen twice.
if [ -z "$own" ]; then
  text=run/stories.txt
  work=run/quickstart
  model=$work
  prompt="Once upon a time"
  settings=(--vocab-size 2048 --val-fraction 0.02 --context-length 512 --batch-size 4 --steps 3500 --lr 5e-3)
  step "3. Stories from a grammar of weft's own"
  if [ -e "$text" ]; then
    echo "$text is there."
  else
    $weft data stories --count 50000 --seed 1 --output "$text"
  fi
else
  text=$own
  work=run/quickstart-$(basename "$own")
  model=$work/checkpoints/best  # a small text is soon known by heart: what was best on the held-out part
  # Its first words.
  prompt=$(head -c 200 "$own" | iconv -c -f utf-8 -t utf-8 2>/dev/null | tr -d '\000' | tr -s '[:space:]' ' ' |
    cut -d ' ' -f 1-4) || true
  settings=(--vocab-size 1024 --val-fraction 0.05 --context-length 256 --batch-size 8 --steps 2500 --lr 2e-3 --dropout 0.1)
  step "3. Your text"
  echo "$text"
  if [ -e "$work/run.json" ] && ! grep -qF "\"$text\"" "$work/run.json"; then
    echo "quickstart.sh: $work is of another text: move it away first" >&2
    exit 1
  fi
fi

step "4. Training (about three minutes on two cores; Ctrl-C saves, run this again to go on)"
interrupted=""
trap 'interrupted=yes' INT
if [ -e "$work/run.json" ]; then
  $weft train --resume "$work"
else
  $weft train --text "$text" --preset tiny "${settings[@]}" --min-lr 1e-5 --warmup-steps 100 \
    --eval-every 500 --eval-windows 64 --save-every 500 --out "$work"
fi
[ -z "$interrupted" ] || exit 130
trap - INT
[ -e "$model" ] || model=$work

step "5. How good it is, on text that was held out"
$weft eval --model "$model" --data "$work/data" --kneser-ney 5

step "6. A text by the model, from \"$prompt\""
$weft generate --model "$model" --prompt "$prompt" --max-tokens 300 --temperature 0.8 --seed 1

step "Where things are"
printf '  %-35s %s\n' "$weft" "the program: --help" "$text" "the text" \
  "$work" "the run: run.json, metrics.jsonl, data/, checkpoints/" \
  "$work/report.html" "its curves and memory plan, for a browser" \
  "$work/checkpoints/latest" "the model: a Hugging Face directory"
printf '\nAnother text:\n  %s generate --model %s --prompt "%s" --seed 2\n' "$weft" "$model" "$prompt"
