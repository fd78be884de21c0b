#!/usr/bin/env bash
# The pages of `weft graph explain` and `weft train`, looked at by a browser. Not part of CI: needs chromium and python3.
#
# Usage: tests/peers/pages.sh [FOLDER]
# Trains a small run with a profile, makes both pages of it (and of one whose names are hostile), opens them in headless
# Chromium without a network, and checks: no error in the console, no request but the page itself, the data in the page is
# what --json prints, the numbers shown are those, keys and pointer work, nothing is wider than the window at 400 pixels.
# Leaves pictures, light and dark, wide and narrow, in FOLDER (default: build/pages). Prints a line for each check; fails
# if one does not hold. WEFT names the binary, CHROMIUM the browser.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/build/pages}
set --  # no packages
. "$root/tests/peers/python.sh"
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || {
  echo "no browser: apt-get install chromium, or CHROMIUM=/path/to/it" >&2
  exit 1
}
export OMP_WAIT_POLICY=passive
exec python3 "$root/tests/peers/pages.py" --weft "$weft" --chromium "$chromium" --out "$out"
