#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs all tests; then the tests of kernels once more on a lesser
# instruction set. From anywhere: ./tests/run.sh
set -euo pipefail
cd "$(dirname "$0")/.."
tools/install_packages.sh test
cmake --preset release -DWEFT_TESTS=ON
cmake --build --preset release
export OMP_WAIT_POLICY=passive
jobs=$(nproc)
ctest --preset release -j "$jobs" --output-on-failure
echo "Once more with AVX2 as the best instruction set, of oneDNN and of our own kernels:"
export ONEDNN_MAX_CPU_ISA=AVX2 WEFT_CPU_TARGETS=AVX2,SSE4,SCALAR
ctest --preset release -j "$jobs" --output-on-failure -L 'ops_test|executor_test|train_test|generate_test'
