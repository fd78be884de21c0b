#!/usr/bin/env bash
# Installs the Debian packages weft is built from: install_packages.sh [build|test]. As root or through sudo; otherwise
# prints the exact line to run. Does nothing when all are there.
set -euo pipefail
packages=(g++ cmake ninja-build pkg-config libabsl-dev libfmt-dev nlohmann-json3-dev libdnnl-dev libhwy-dev
          libpcre2-dev libutf8proc-dev libcli11-dev libflatbuffers-dev flatbuffers-compiler)
if [ "${1:-build}" = test ]; then packages+=(libgtest-dev libgmock-dev); fi
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ]; then sudo=""; elif command -v sudo >/dev/null; then sudo=sudo; else
  echo "Please run as root: apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
