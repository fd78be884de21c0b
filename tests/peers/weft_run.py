"""What the comparisons with other programs share: `weft run` on numpy arrays, and weft's list of operators."""
import json
import pathlib
import re
import struct
import subprocess
import tempfile

import ml_dtypes
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]

DTYPES = {
    "F64": np.dtype(np.float64), "F32": np.dtype(np.float32), "F16": np.dtype(np.float16),
    "BF16": np.dtype(ml_dtypes.bfloat16), "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2), "I64": np.dtype(np.int64), "I32": np.dtype(np.int32),
    "I16": np.dtype(np.int16), "I8": np.dtype(np.int8), "U64": np.dtype(np.uint64), "U32": np.dtype(np.uint32),
    "U16": np.dtype(np.uint16), "U8": np.dtype(np.uint8), "BOOL": np.dtype(np.bool_),
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


class NotWritable(Exception):
    """A value that safetensors has no type for."""


def write_safetensors(path, arrays):
    header, blobs, at = {}, [], 0
    for name, array in sorted(arrays.items(), key=lambda item: -np.asarray(item[1]).dtype.itemsize):
        array = np.asarray(array)
        if array.dtype not in NAMES:
            raise NotWritable(f"{array.dtype}")
        blob = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape),
                        "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def read_safetensors(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    body = data[8 + size:]
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(body[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return arrays


class Refused(Exception):
    """weft ended with an error message."""


class Crashed(Exception):
    """weft ended otherwise."""


def weft_run(weft, text, inputs, *flags):
    """The outputs of a graph's text, by name."""
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        graph, given, made = (directory / name for name in ("graph.onnxtxt", "in.safetensors", "out.safetensors"))
        graph.write_text(text)
        write_safetensors(given, inputs)
        command = [weft, "run", graph, "--input", given, "--output", made, *flags]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode == 0:
            return read_safetensors(made)
        message = done.stderr.strip().replace(str(graph), "graph").replace(str(given), "in.safetensors")
        if done.returncode == 1 and message.startswith("weft:"):
            raise Refused(message)
        raise Crashed(f"exit code {done.returncode}: {message[-300:]}")


def operators():
    """(folder, domain, name) of each line of ops/op_list.inc."""
    found = []
    for folder in re.findall(r"^WEFT_OP\((\w+),", (ROOT / "ops/op_list.inc").read_text(), re.M):
        definition = (ROOT / "ops" / folder / "def.cc").read_text()
        name = re.search(r'\.name = "(\w+)"', definition).group(1)
        domain = re.search(r'\.domain = "(\w*)"', definition)
        found.append((folder, domain.group(1) if domain else "", name))
    return found
