# Sourced by the comparisons: sets `python` to one that has the packages given as "$@", and `weft`.
# PYTHON names such a Python; otherwise build/peers gets a virtual environment with them (from the network, once).
# WEFT names the binary (default: build/release/tools/weft).
weft=${WEFT:-$root/build/release/tools/weft}
[ -x "$weft" ] || {
  echo "no binary '$weft': cmake --preset release && cmake --build --preset release --target weft" >&2
  exit 1
}
python=${PYTHON:-$root/build/peers/bin/python}
for package in "$@"; do
  "$python" -c "import $package" 2>/dev/null && continue
  if [ -n "${PYTHON:-}" ]; then
    echo "'$PYTHON' lacks the package $package" >&2
    exit 1
  fi
  [ -x "$python" ] || python3 -m venv "$root/build/peers"
  "$python" -m pip install --quiet "$@"
done
