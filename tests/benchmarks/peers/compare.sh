#!/usr/bin/env bash
# weft against its peers, in turns in one run, as one table on standard output (what each run gave on standard error). Installs
# the peers once, from the network, under build/peers. On a busy machine the figures are worth nothing.
#
#   tests/benchmarks/peers/compare.sh train         PyTorch, eager and compiled: steps of training
#   tests/benchmarks/peers/compare.sh generate      llama.cpp, built from its package's sources: reading and writing
#
# RUNS=5 THREADS=2 SHAPES="cs336 small" (train) or "cs336 163m" (generate; 1.5b takes 6 GB) PRECISIONS="f32 bf16"
# PYTHON=... WEFT=... LLAMA_BENCH=... name what is there already.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
scripts=$root/tests/benchmarks/peers
runs=${RUNS:-5}
threads=${THREADS:-$(nproc)}

# Sets llama_bench. The package brings llama.cpp's sources; the program comes from them, with this machine's instructions.
build_llama() {
  llama_bench=${LLAMA_BENCH:-$root/build/peers/llama/bin/llama-bench}
  [ -x "$llama_bench" ] && return
  echo "building llama.cpp: some ten minutes, once" >&2
  local sources=$root/build/peers/llama_sources
  mkdir -p "$sources"
  "$python" -m pip download --quiet --no-deps --no-binary :all: --dest "$sources" llama-cpp-python==0.3.36
  tar xzf "$sources"/llama_cpp_python-*.tar.gz -C "$sources"
  cmake -S "$sources"/llama_cpp_python-*/vendor/llama.cpp -B "$root/build/peers/llama" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DGGML_NATIVE=ON -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF \
    -DBUILD_SHARED_LIBS=OFF >&2
  cmake --build "$root/build/peers/llama" --target llama-bench >&2
}

head_of_table() {
  "$weft" doctor >&2
  echo "| what | weft | other | ratio | target |"
  echo "|---|---|---|---|---|"
}

case ${1:-} in
train)
  source "$root/tests/peers/python.sh" torch
  head_of_table
  for shape in ${SHAPES:-cs336 small}; do
    for precision in ${PRECISIONS:-f32 bf16}; do
      "$python" "$scripts/train.py" "$weft" --shape "$shape" --precision "$precision" --runs "$runs" --threads "$threads"
    done
  done
  ;;
generate)
  source "$root/tests/peers/python.sh" numpy gguf
  build_llama
  head_of_table
  for shape in ${SHAPES:-cs336 163m}; do
    for precision in ${PRECISIONS:-bf16}; do
      "$python" "$scripts/llama.py" "$weft" "$llama_bench" --shape "$shape" --dtype "$precision" --runs "$runs" --threads "$threads"
    done
  done
  ;;
*)
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
