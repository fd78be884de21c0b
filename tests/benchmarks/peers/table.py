"""One table for all comparisons: each script prints rows, cpu.sh the head."""

import os
import statistics
import subprocess
import sys


def row(what, weft, other, ratio, target):
    """A line of the table; `ratio` is how many times better weft is than the other, or its share of a roof."""
    print(f"| {what} | {weft} | {other} | {ratio} | {target} |", flush=True)


def note(text):
    print(text, file=sys.stderr, flush=True)


def run(command):
    """Standard output of a process and its peak resident memory in bytes."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return output, usage.ru_maxrss * 1024


def medians(measurements):
    """Of a list of dictionaries with the same keys, the median of each."""
    return {key: statistics.median(m[key] for m in measurements) for key in measurements[0]}
