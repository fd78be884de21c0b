"""Three graphs for each operator: an ordinary one, one of odd size, one empty (or, where that has no meaning, one
more). ONNX's operators as models, weft's own as text with their formula in PyTorch."""
import dataclasses
import typing

import numpy as np
import onnx
import onnx.printer
import onnx.shape_inference
from onnx import helper

import own_formulas as own

RANDOM = {"RandomNormal", "RandomUniform", "RandomTruncatedNormal"}
F, I = np.float32, np.int64


@dataclasses.dataclass
class Graph:
    text: str
    inputs: dict
    model: typing.Any = None    # of ONNX's operators
    formula: typing.Any = None  # () -> {output: array}, of weft's own


def rng(*key):
    return np.random.default_rng(list(key))


def normal(*shape, seed=0):
    return rng(seed, *shape).standard_normal(shape).astype(F)


def positive(*shape, seed=0):
    return (np.abs(normal(*shape, seed=seed)) + 0.1).astype(F)


def integers(low, high, *shape, seed=0, dtype=I):
    return rng(seed, *shape).integers(low, high, shape).astype(dtype)


def booleans(*shape, seed=0):
    return integers(0, 2, *shape, seed=seed).astype(bool)


def i64(*values):
    return np.array(values, I)


def onnx_graph(op, *inputs, outputs=1, formula=None, **attributes):
    """One node; None: an absent operand. The operands that weft takes as attributes come from the file too.
    `outputs`: their number or names ("": absent). `formula` where neither reference runs it."""
    names = ["" if value is None else f"x{i}" for i, value in enumerate(inputs)]
    given = {name: np.asarray(value) for name, value in zip(names, inputs) if name}
    made = [f"y{i}" for i in range(outputs)] if isinstance(outputs, int) else outputs
    node = helper.make_node(op, names, made, **attributes)
    infos = [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
             for name, value in given.items()]
    body = helper.make_graph([node], "g", infos, [onnx.ValueInfoProto(name=name) for name in made if name])
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 24)], ir_version=10)
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    for output, known in zip(model.graph.output, inferred.graph.output):
        output.type.tensor_type.elem_type = known.type.tensor_type.elem_type
    return Graph(onnx.printer.to_text(model), given, model=model, formula=formula)


TYPES = {np.dtype(np.float32): "float", np.dtype(np.int64): "int64", np.dtype(np.bool_): "bool",
         np.dtype(np.int8): "int8", np.dtype(np.uint8): "uint8"}


def own_graph(op, formula, outputs=("y",), attributes="", **inputs):
    """One node of domain weft with named operands; None: absent. An output without a name is absent too."""
    given = {name: np.asarray(value) for name, value in inputs.items() if value is not None}
    declared = ", ".join(f"{TYPES[v.dtype]}[{','.join(map(str, v.shape))}] {name}" if v.shape else
                         f"{TYPES[v.dtype]} {name}" for name, v in given.items())
    operands = ", ".join(name if value is not None else '""' for name, value in inputs.items())
    results = ", ".join(filter(None, outputs))
    names = ", ".join(name or '""' for name in outputs)
    text = (f'<ir_version: 10, opset_import: ["": 24, "weft": 1]>\ng ({declared}) => ({results})\n'
            f'{{\n  {names} = weft.{op}{attributes and f"<{attributes}>"}({operands})\n}}\n')

    def run():
        results = formula(**given)
        results = results if isinstance(results, tuple) else (results,)
        return {name: value for name, value in zip(outputs, results) if name}
    return Graph(text, given, formula=run)


def unary(op, make=normal, **attributes):
    return [onnx_graph(op, make(*shape), **attributes) for shape in ((8, 16), (3, 5, 7), (0, 4))]


def binary(op, a=normal, b=None):
    b = b or a
    shapes = (((4, 8), (4, 8)), ((3, 1, 7), (5, 1)), ((0, 3), (3,)))
    return [onnx_graph(op, a(*x), b(*y, seed=1)) for x, y in shapes]


def reductions(op):
    return [onnx_graph(op, normal(4, 8), i64(1)), onnx_graph(op, normal(3, 5, 7), i64(0, -1), keepdims=0),
            onnx_graph(op, normal(0, 4), i64(1), keepdims=0)]


def elementwise():
    t = {op: unary(op) for op in ("Abs", "Cos", "Erf", "Exp", "Identity", "Neg", "Relu", "Sigmoid", "Sign", "Sin",
                                  "Tanh")}
    t |= {op: unary(op, positive) for op in ("Log", "Reciprocal", "Sqrt")}
    t |= {op: binary(op) for op in ("Add", "Sub", "Mul", "Max", "Min", "Less", "Greater")}
    t["Equal"] = binary("Equal", lambda *s, seed=0: integers(0, 3, *s, seed=seed))
    t["Div"] = binary("Div", normal, positive)
    t["Pow"] = binary("Pow", positive, normal)
    t["And"] = binary("And", booleans)
    t["Not"] = unary("Not", booleans)
    t["Gelu"] = unary("Gelu")[:2] + [onnx_graph("Gelu", normal(0, 4), approximate="tanh"),
                                     onnx_graph("Gelu", normal(3, 7), approximate="tanh")]
    t["Swish"] = unary("Swish")[:2] + [onnx_graph("Swish", normal(0, 4), alpha=1.7),
                                       onnx_graph("Swish", normal(3, 7), alpha=1.7)]
    t["Where"] = [onnx_graph("Where", booleans(*c), normal(*a), normal(*b, seed=1)) for c, a, b in
                  (((4, 8), (4, 8), (4, 8)), ((3, 1, 7), (5, 1), (1,)), ((0, 3), (3,), (1, 1)))]
    t["Cast"] = [onnx_graph("Cast", 3 * normal(4, 8), to=onnx.TensorProto.INT32),
                 onnx_graph("Cast", integers(-9, 9, 3, 5, 7), to=onnx.TensorProto.FLOAT),
                 onnx_graph("Cast", normal(0, 3), to=onnx.TensorProto.DOUBLE)]
    t["Dropout"] = [onnx_graph("Dropout", x, np.float32(0.5), np.array(False)) for x in
                    (normal(4, 8), normal(3, 5, 7), normal(0, 4))]
    return t


def products():
    t = {}
    t["MatMul"] = [onnx_graph("MatMul", normal(16, 32), normal(32, 24, seed=1)),
                   onnx_graph("MatMul", normal(3, 1, 5, 7), normal(2, 7, 9, seed=1)),
                   onnx_graph("MatMul", normal(5, 0), normal(0, 3))]
    t["Gemm"] = [onnx_graph("Gemm", normal(16, 32), normal(32, 24, seed=1), normal(24, seed=2)),
                 onnx_graph("Gemm", normal(7, 5), normal(9, 7, seed=1), normal(5, 1, seed=2), transA=1, transB=1,
                            alpha=0.5, beta=2.0),
                 onnx_graph("Gemm", normal(0, 3), normal(3, 5, seed=1))]
    t["PackWeight"] = [
        own_graph("PackWeight", own.pack_weight, weight=normal(64, 32)),
        own_graph("PackWeight", own.pack_weight, weight=normal(70, 37, seed=1)),
        own_graph("PackWeight", own.pack_weight, weight=normal(1, 1, seed=2)),
    ]
    t["PackedProduct"] = [
        own_graph("PackedProduct", lambda **k: own.packed_product(columns=64, **k), attributes="columns: int = 64",
                  a=normal(5, 32), b=normal(1, 1, 16, 64, 2, seed=1)),
        own_graph("PackedProduct", lambda **k: own.packed_product(columns=70, alpha=0.5, **k),
                  attributes="columns: int = 70, alpha: float = 0.5",
                  a=normal(2, 3, 37), b=normal(2, 2, 16, 64, 2, seed=1), bias=normal(70, seed=2)),
        own_graph("PackedProduct", lambda **k: own.packed_product(columns=128, **k), attributes="columns: int = 128",
                  a=normal(1, 64), b=normal(2, 2, 16, 64, 2, seed=1)),
    ]
    t["Product"] = [
        own_graph("Product", own.product, a=normal(16, 32), b=normal(32, 24, seed=1), bias=normal(24, seed=2)),
        own_graph("Product", lambda **k: own.product(trans_a=True, trans_b=True, alpha=0.5, **k),
                  attributes="trans_a: int = 1, trans_b: int = 1, alpha: float = 0.5", a=normal(7, 5),
                  b=normal(9, 7, seed=1), bias=None, accumulator=normal(5, 9, seed=2)),
        own_graph("Product", own.product, a=normal(3, 0, 5), b=normal(5, 7, seed=1)),
    ]
    settings = lambda bits, group: f"bits: int = {bits}, group: int = {group}"
    t["QuantizeRows"] = [
        own_graph("QuantizeRows", lambda x, b=bits, g=group: own.quantize_rows(x, b, g), ("quantized", "scales"),
                  settings(bits, group), x=x)
        for bits, group, x in ((8, 32, normal(7, 96)), (4, 32, normal(7, 96)), (8, 64, normal(3, 101)),
                               (4, 64, normal(5, 101)), (4, 32, 0 * normal(2, 5)))]

    def quantized(bits, group, a, n, bias=None):
        k = a.shape[-1]
        codes = integers(0, 256, n, -(-k // 2), dtype=np.uint8) if bits == 4 else integers(-127, 128, n, k, dtype=np.int8)
        return own_graph("QuantizedProduct", lambda **g: own.quantized_product(bits=bits, group=group, **g),
                         attributes=settings(bits, group), a=a, b=codes, scales=normal(n, -(-k // group), seed=2), bias=bias)
    t["QuantizedProduct"] = [quantized(8, 32, normal(3, 96), 7), quantized(4, 32, normal(2, 3, 61), 9, normal(9, seed=3)),
                             quantized(4, 64, normal(40, 130), 11), quantized(8, 64, normal(40, 130), 11),
                             quantized(8, 32, normal(0, 5), 3)]
    t["TopK"] = [onnx_graph("TopK", normal(4, 16), i64(3), outputs=2),
                 onnx_graph("TopK", normal(3, 5, 7), i64(4), outputs=2, axis=1, largest=0),
                 onnx_graph("TopK", normal(0, 7), i64(2), outputs=2)]
    t["ArgMax"] = [onnx_graph("ArgMax", normal(4, 16), axis=1), onnx_graph("ArgMax", normal(3, 5, 7), keepdims=0),
                   onnx_graph("ArgMax", normal(0, 7), axis=1)]
    t["CumSum"] = [onnx_graph("CumSum", normal(4, 8), np.array(1)),
                   onnx_graph("CumSum", normal(3, 5, 7), np.array(-2), exclusive=1, reverse=1),
                   onnx_graph("CumSum", normal(0, 3), np.array(0))]
    return t | {op: reductions(op) for op in ("ReduceSum", "ReduceMean")} | {
        "ReduceMax": reductions("ReduceMax")[:2] + [onnx_graph("ReduceMax", normal(0, 4), i64(1), keepdims=0)]}


def movement():
    t = {}
    t["Reshape"] = [onnx_graph("Reshape", normal(4, 8), i64(2, 16)), onnx_graph("Reshape", normal(3, 5, 7), i64(0, -1)),
                    onnx_graph("Reshape", normal(0, 4), i64(2, 0), allowzero=1)]
    t["Transpose"] = [onnx_graph("Transpose", normal(4, 8)), onnx_graph("Transpose", normal(3, 5, 7), perm=[1, 2, 0]),
                      onnx_graph("Transpose", normal(0, 4))]
    t["Squeeze"] = [onnx_graph("Squeeze", normal(4, 1, 8), i64(1)), onnx_graph("Squeeze", normal(1, 5, 1)),
                    onnx_graph("Squeeze", normal(0, 1), i64(-1))]
    t["Unsqueeze"] = [onnx_graph("Unsqueeze", normal(4, 8), i64(0)),
                      onnx_graph("Unsqueeze", normal(3, 5, 7), i64(-1, 1)),
                      onnx_graph("Unsqueeze", normal(0, 4), i64(1))]
    t["Expand"] = [onnx_graph("Expand", normal(4, 1), i64(4, 8)), onnx_graph("Expand", normal(5, 1), i64(3, 1, 7)),
                   onnx_graph("Expand", normal(1, 4), i64(0, 4))]
    t["Slice"] = [onnx_graph("Slice", normal(8, 16), i64(2, 4), i64(6, 12)),
                  onnx_graph("Slice", normal(5, 7, 9), i64(-1, 1), i64(-6, 100), i64(0, 2), i64(-2, 3)),
                  onnx_graph("Slice", normal(4, 4), i64(3), i64(1))]
    t["Concat"] = [onnx_graph("Concat", normal(4, 8), normal(4, 8, seed=1), axis=1),
                   onnx_graph("Concat", normal(3, 5, 7), normal(3, 2, 7), normal(3, 1, 7), axis=-2),
                   onnx_graph("Concat", normal(0, 4), normal(0, 4), axis=0)]
    t["Split"] = [onnx_graph("Split", normal(4, 8), i64(3, 5), outputs=2, axis=1),
                  onnx_graph("Split", normal(7, 5), outputs=3, num_outputs=3),
                  onnx_graph("Split", normal(0, 4), i64(1, 3), outputs=2, axis=1)]
    t["Gather"] = [onnx_graph("Gather", normal(8, 16), integers(-8, 8, 5)),
                   onnx_graph("Gather", normal(3, 5, 7), integers(0, 5, 2, 3), axis=1),
                   onnx_graph("Gather", normal(8, 4), integers(0, 8, 0))]
    t["GatherND"] = [onnx_graph("GatherND", normal(4, 8), integers(0, 4, 5, 2)),
                     onnx_graph("GatherND", normal(3, 5, 7), integers(0, 5, 3, 2, 1), batch_dims=1),
                     onnx_graph("GatherND", normal(4, 8), integers(0, 4, 0, 1))]
    once = np.stack([np.arange(3), np.array([6, 0, 2])], 1)
    t["ScatterND"] = [onnx_graph("ScatterND", normal(8, 16), i64(5, 0, 3)[:, None], normal(3, 16, seed=1)),
                      onnx_graph("ScatterND", normal(3, 7), once, normal(3, seed=1), reduction="add"),
                      onnx_graph("ScatterND", normal(4, 3), integers(0, 4, 0, 1), normal(0, 3))]
    t["TensorScatter"] = [onnx_graph("TensorScatter", normal(2, 3, 8, 4), normal(2, 3, 2, 4, seed=1), i64(1, 5)),
                          onnx_graph("TensorScatter", normal(3, 7, 5), normal(3, 3, 5, seed=1), i64(6, 0, 5),
                                     mode="circular"),
                          onnx_graph("TensorScatter", normal(2, 4, 3), normal(2, 0, 3))]
    return t


def normalizations():
    t = {}
    for op in ("Softmax", "LogSoftmax"):
        t[op] = [onnx_graph(op, 3 * normal(4, 16)), onnx_graph(op, 30 * normal(3, 5, 7), axis=1),
                 onnx_graph(op, normal(0, 4))]
    t["RMSNormalization"] = [onnx_graph("RMSNormalization", normal(4, 32), normal(32, seed=1)),
                             onnx_graph("RMSNormalization", normal(3, 5, 7), normal(5, 7, seed=1), axis=1,
                                        epsilon=1e-3),
                             onnx_graph("RMSNormalization", normal(0, 8), normal(8))]
    t["LayerNormalization"] = [onnx_graph("LayerNormalization", normal(4, 32), normal(32, seed=1), normal(32, seed=2)),
                               onnx_graph("LayerNormalization", normal(3, 5, 7), normal(5, 7, seed=1), axis=1,
                                          outputs=3),
                               onnx_graph("LayerNormalization", normal(0, 8), normal(8))]
    rows = lambda *shape: dict(x=normal(*shape), scale=normal(shape[-1], seed=1), dy=normal(*shape, seed=2))
    t["RMSNormalizationGrad"] = [
        own_graph("RMSNormalizationGrad", own.rms_normalization_grad, ("dx", "dscale"), **r, inv_rms=own.inv_rms(r["x"]))
        for r in (rows(4, 32), rows(3, 5, 7), rows(0, 8))]
    t["LayerNormalizationGrad"] = [
        own_graph("LayerNormalizationGrad", own.layer_normalization_grad, ("dx", "dscale", "dbias"), **r,
                  mean=own.mean(r["x"]), inv_std_dev=own.inv_std(r["x"]))
        for r in (rows(4, 32), rows(3, 5, 7), rows(0, 8))]
    t["RotaryEmbedding"] = [
        onnx_graph("RotaryEmbedding", normal(2, 4, 6, 8), normal(16, 4, seed=1), normal(16, 4, seed=2),
                   integers(0, 16, 2, 6)),
        onnx_graph("RotaryEmbedding", normal(3, 5, 3 * 10), normal(3, 5, 3, seed=1), normal(3, 5, 3, seed=2),
                   interleaved=1, num_heads=3, rotary_embedding_dim=6),
        onnx_graph("RotaryEmbedding", normal(0, 2, 3, 4), normal(0, 3, 2), normal(0, 3, 2))]
    t["SwishGrad"] = [own_graph("SwishGrad", own.swish_grad, dy=normal(*s), x=normal(*s, seed=1))
                      for s in ((4, 8), (3, 5, 7), (0, 4))]
    t["SwiGLU"] = [own_graph("SwiGLU", own.swi_glu, gate=normal(*s), other=normal(*s, seed=1))
                   for s in ((4, 8), (3, 5, 7), (0, 4))]
    t["SwiGLUGrad"] = [own_graph("SwiGLUGrad", own.swi_glu_grad, ("dgate", "dother"), dy=normal(*s),
                                 gate=normal(*s, seed=1), other=normal(*s, seed=2))
                       for s in ((4, 8), (3, 5, 7), (0, 4))]
    t["GeluGrad"] = [own_graph("GeluGrad", own.gelu_grad, dy=normal(*s), x=normal(*s, seed=1))
                     for s in ((4, 8), (3, 5, 7), (0, 4))]
    t["GeluGrad"].append(own_graph("GeluGrad", lambda **k: own.gelu_grad(approximate="tanh", **k),
                                   attributes='approximate: string = "tanh"', dy=normal(3, 7), x=normal(3, 7, seed=1)))
    return t


def losses():
    t = {}
    weights = positive(11, seed=3)
    t["SoftmaxCrossEntropyLoss"] = [
        onnx_graph("SoftmaxCrossEntropyLoss", normal(16, 32), integers(0, 32, 16), outputs=2),
        onnx_graph("SoftmaxCrossEntropyLoss", normal(3, 11, 5), integers(-1, 11, 3, 5), weights, ignore_index=-1),
        onnx_graph("SoftmaxCrossEntropyLoss", normal(0, 7), integers(0, 7, 0), reduction="none",
                   formula=lambda: {"y0": normal(0)})]
    grad = lambda scores, labels, w, dloss, attributes="", **k: own_graph(
        "SoftmaxCrossEntropyLossGrad", lambda **g: own.cross_entropy_grad(**g, **k), ("dscores",), attributes,
        scores=scores, labels=labels, weights=w, lse=own.log_sum_exp(scores), dloss=dloss)
    t["SoftmaxCrossEntropyLossGrad"] = [
        grad(normal(16, 32), integers(0, 32, 16), None, np.array(0.7, F)),
        grad(normal(3, 11, 5), integers(-1, 11, 3, 5), weights, np.array(2, F),
             'reduction: string = "sum", ignore_index: int = -1', reduction="sum", ignore_index=-1),
        grad(normal(0, 7), integers(0, 7, 0), None, normal(0), 'reduction: string = "none"', reduction="none")]
    def linear(x, weight, labels, attributes="", **k):
        return own_graph("LinearCrossEntropyLoss", lambda **g: own.linear_cross_entropy(**g, **k),
                         ("loss", "dx", "dweight"), attributes, x=x, weight=weight, labels=labels)
    t["LinearCrossEntropyLoss"] = [
        linear(normal(16, 8), normal(32, 8, seed=1), integers(0, 32, 16)),
        linear(normal(3, 5, 7), normal(11, 7, seed=1), integers(-1, 11, 15),
               'reduction: string = "sum", ignore_index: int = -1', reduction="sum", ignore_index=-1),
        linear(normal(2, 0, 4), normal(3, 4, seed=1), integers(0, 3, 0), 'reduction: string = "sum"', reduction="sum")]
    t["EmbeddingGrad"] = [
        own_graph("EmbeddingGrad", lambda rows=rows, **g: own.embedding_grad(rows=rows, **g), ("dw",), f"num_rows: int = {rows}",
                  indices=index, dy=normal(*index.shape, width))
        for rows, width, index in ((16, 8, integers(0, 16, 32)), (7, 5, integers(-7, 7, 3, 11)),
                                   (4, 3, integers(0, 4, 0)))]
    return t


def optimizers():
    t = {}
    names = ("new_param", "new_m", "new_v")
    adam = lambda *s, step=3, scale=None, **k: own_graph(
        "AdamW", lambda **g: own.adam_w(**g, **k), names, ", ".join(f"{n}: float = {v}" for n, v in k.items()),
        param=normal(*s), grad=normal(*s, seed=1), m=normal(*s, seed=2), v=positive(*s, seed=3),
        lr=np.array(0.01, F), step=np.array(step, I), scale=scale)
    t["AdamW"] = [adam(16, 32), adam(3, 5, 7, step=1, scale=np.array(0.3, F), beta1=0.8, beta2=0.95, weight_decay=0.1),
                  adam(0, 4)]

    def many(decay, copied, *shapes):
        kinds = (("p", normal), ("g", normal), ("m", normal), ("v", positive))
        tensors = {f"{n}{i}": make(*s, seed=i + j) for i, s in enumerate(shapes) for j, (n, make) in enumerate(kinds)}
        names = [f"new_{n}{i}" for i in range(len(shapes)) for n in "pmv"] + [f"copy{i}" for i in copied]
        return own_graph("MultiTensorAdamW", lambda **g: own.multi_tensor_adam_w(decay, copied, **g), tuple(names),
                         f"weight_decay: floats = [{', '.join(map(str, decay))}], "
                         f"copied: ints = [{', '.join(map(str, copied))}]", lr=np.array(0.01, F),
                         step=np.array(3, I), scale=np.array(0.3, F), **tensors)

    t["MultiTensorAdamW"] = [many((0.1, 0.0), (0, 1), (16, 32), (32,)),
                             many((0.0, 0.2, 0.1), (1, 2), (3, 5, 7), (0, 4), (1,)), many((0.01,), (), (4,))]
    t["SGD"] = [own_graph("SGD", own.sgd, ("new_param",), param=normal(16, 32), grad=normal(16, 32, seed=1),
                          buffer=None, lr=np.array(0.1, F)),
                own_graph("SGD", lambda **g: own.sgd(momentum=0.9, weight_decay=0.1, nesterov=True, **g),
                          ("new_param", "new_buffer"),
                          "momentum: float = 0.9, weight_decay: float = 0.1, nesterov: int = 1",
                          param=normal(3, 5, 7), grad=normal(3, 5, 7, seed=1), buffer=normal(3, 5, 7, seed=2),
                          lr=np.array(0.1, F), scale=np.array(0.3, F)),
                own_graph("SGD", own.sgd, ("new_param",), param=normal(0, 4), grad=normal(0, 4), buffer=None,
                          lr=np.array(0.1, F))]
    t["GlobalNorm"] = [own_graph("GlobalNorm", own.global_norm, a=normal(16, 32), b=normal(8, seed=1)),
                       own_graph("GlobalNorm", own.global_norm, a=normal(3, 5, 7), b=normal(1), c=normal(333, 129)),
                       own_graph("GlobalNorm", own.global_norm, a=normal(0, 4))]
    t["ClipScale"] = [own_graph("ClipScale", lambda m=m, **g: own.clip_scale(max_norm=m, **g), ("scale", "mean_norm"),
                                f"max_norm: float = {m}", norm=np.array(n, F), count=c)
                      for m, n, c in ((1.0, 5.0, None), (1.5, 700.0, np.array(97, F)), (0.0, 3.0, np.array(5, F)))]
    return t


def attentions():
    t = {}
    q4, kv4 = (2, 4, 8, 16), (2, 2, 8, 16)
    t["Attention"] = [
        onnx_graph("Attention", normal(*q4), normal(*kv4, seed=1), normal(*kv4, seed=2), is_causal=1),
        onnx_graph("Attention", normal(3, 5, 3 * 7), normal(3, 9, 3 * 7, seed=1), normal(3, 9, 3 * 5, seed=2),
                   normal(5, 9, seed=3), q_num_heads=3, kv_num_heads=3, softcap=2.0, scale=0.3),
        onnx_graph("Attention", normal(0, 2, 3, 4), normal(0, 2, 3, 4), normal(0, 2, 3, 4)),
        onnx_graph("Attention", normal(2, 3, 4, 5), normal(2, 3, 9, 5, seed=1), normal(2, 3, 9, 5, seed=2), None, None,
                   None, i64(9, 6), is_causal=1)]
    grads = ("dq", "dk", "dv")

    def attributes_of(causal, heads, rotary):
        text = f"is_causal: int = {int(causal)}"
        if heads:
            text += f", q_num_heads: int = {heads[0]}, kv_num_heads: int = {heads[1]}"
        return text + (", rotary_interleaved: int = 1" if rotary and rotary.get("interleaved") else "")

    def tables_of(rotary):
        if not rotary:
            return {}
        return dict(cos_cache=rotary["cos"], sin_cache=rotary["sin"], position_ids=rotary.get("positions"))

    def rotated(q, k, v, rotary, causal=False, heads=None):
        return own_graph("Attention",
                         lambda **g: own.down(own.attention(*map(own.up, (q, k, v)), None, heads, rotary, causal=causal)[0]),
                         ("y",), attributes_of(causal, heads, rotary), q=q, k=k, v=v, attn_mask=None, past_key=None,
                         past_value=None, nonpad_kv_seqlen=None, **tables_of(rotary))

    def grad(q, k, v, mask=None, causal=False, heads=None, rotary=None):
        dy, y, lse = own.attention_saved(q, k, v, mask, heads, rotary=rotary, causal=causal)
        return own_graph("AttentionGrad",
                         lambda **g: own.attention_grad(q, k, v, mask, heads, dy, rotary=rotary, causal=causal), grads,
                         attributes_of(causal, heads, rotary), q=q, k=k, v=v, attn_mask=mask, nonpad_kv_seqlen=None,
                         y=y, lse=lse, dy=dy, **tables_of(rotary))

    def tables(rows, *shape, interleaved=False):
        """By position, `shape` [batch, seq]; without rows one row for each token."""
        if rows:
            *shape, pairs = shape
            return dict(cos=normal(rows, pairs, seed=6), sin=normal(rows, pairs, seed=7),
                        positions=integers(0, rows, *shape), interleaved=interleaved)
        return dict(cos=normal(*shape, seed=6), sin=normal(*shape, seed=7), interleaved=interleaved)
    t["Attention"] += [
        rotated(normal(*q4), normal(*kv4, seed=1), normal(*kv4, seed=2), tables(20, 2, 8, 8), causal=True),
        rotated(normal(3, 5, 3 * 7), normal(3, 5, 3 * 7, seed=1), normal(3, 5, 3 * 5, seed=2),
                tables(0, 3, 5, 3, interleaved=True), heads=(3, 3)),
        rotated(normal(0, 2, 3, 4), normal(0, 2, 3, 4), normal(0, 2, 3, 4), tables(0, 0, 3, 2))]
    t["AttentionGrad"] = [
        grad(normal(*q4), normal(*kv4, seed=1), normal(*kv4, seed=2), causal=True),
        grad(normal(3, 5, 21), normal(3, 9, 21, seed=1), normal(3, 9, 15, seed=2), normal(5, 9, seed=3), heads=(3, 3)),
        grad(normal(0, 2, 3, 4), normal(0, 2, 3, 4), normal(0, 2, 3, 4)),
        grad(normal(*q4), normal(*kv4, seed=1), normal(*kv4, seed=2), causal=True, rotary=tables(0, 2, 8, 8)),
        grad(normal(3, 5, 21), normal(3, 5, 21, seed=1), normal(3, 5, 15, seed=2), heads=(3, 3),
             rotary=tables(9, 3, 5, 3, interleaved=True))]
    t["CachedAttention"] = [own_graph("CachedAttention", lambda heads=heads, **g: own.cached_attention(heads=heads, **g),
                                      ("y", "new_key_cache", "new_value_cache"),
                                      f"q_num_heads: int = {heads[0]}, kv_num_heads: int = {heads[1]}", **operands)
                            for heads, operands in own.cached_attention_cases(normal)]
    t["CachedAttention"] += [
        own_graph("CachedAttention", lambda heads=heads, **g: own.rotated_cached_attention(heads=heads, **g),
                  ("y", "new_key_cache", "new_value_cache"),
                  f"q_num_heads: int = {heads[0]}, kv_num_heads: int = {heads[1]}", **operands,
                  cos_cache=normal(30, 2, seed=6), sin_cache=normal(30, 2, seed=7),
                  position_ids=integers(0, 30, *operands["q"].shape[:2]))
        for heads, operands in own.cached_attention_cases(normal)]
    t["Sample"] = [own_graph("Sample", own.sample, ("token", "logprob"), logits=normal(*s),
                             temperature=np.zeros(s[0], F), top_k=None, top_p=None, min_p=None,
                             repetition_penalty=None, history=None, seed=np.arange(s[0], dtype=I))
                   for s in ((4, 32), (3, 1001), (0, 7))]
    return t


def fused():
    """Chains of elementwise operators and reductions as one: the body is an attribute."""
    def graph(formula, outputs, results, steps, **inputs):
        declared = ", ".join(f"float[{','.join(map(str, v.shape))}] {name}" for name, v in inputs.items())
        body = f"body: graph = body ({declared}) => ({results}) <int64[1] last = {{-1}}, int64[1] first = {{0}}> {{ {steps} }}"
        return own_graph("FusedElementwise", formula, outputs, body, **inputs)

    chains = [graph(own.fused_chain, ("y",), f"float[{','.join(map(str, s))}] v", "p = Mul(a, b) q = Add(p, c) "
                    "e = Sigmoid(q) v = Mul(p, e)", a=normal(*s), b=normal(s[-1], seed=1), c=normal(*s, seed=2))
              for s in ((4, 8), (3, 5, 700), (0, 4))]
    sums = [graph(own.fused_sums, ("y", "square"), f"float[{r},{c}] v, float[{r},1] m",
                  "v = Add(a, b) s = Mul(v, v) m = ReduceMean(s, last)", a=normal(r, c), b=normal(r, c, seed=1))
            for r, c in ((4, 9), (2, 5000), (5, 1))]
    gains = [graph(own.fused_gain, ("gain",), f"float[1,{c}] g", "p = Mul(a, b) g = ReduceSum(p, first)",
                   a=normal(r, c), b=normal(r, c, seed=1)) for r, c in ((9, 4), (130, 600))]
    return {"FusedElementwise": chains + sums + gains}


def table():
    """The graphs of each operator by its name."""
    import operator_variants  # builds with the functions above

    graphs = (elementwise() | products() | movement() | normalizations() | losses() | optimizers() | attentions() |
              fused())
    for name, more in operator_variants.table().items():
        graphs[name] += more
    return graphs
