"""More graphs for each operator than the three of operator_graphs.py: attributes, types, layouts, values at the rim."""
import numpy as np
import onnx

import own_formulas as own
from operator_graphs import (F, I, booleans, i64, integers, normal, onnx_graph, own_graph, positive)

RIM = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-30, -1e-30, 1e30, -1e30, 1.5, -2.5, 88.0, -88.0], F)


def elementwise():
    t = {op: [onnx_graph(op, RIM), onnx_graph(op, 20 * normal(131))]
         for op in ("Abs", "Erf", "Exp", "Identity", "Neg", "Reciprocal", "Relu", "Sigmoid", "Sign", "Sqrt", "Tanh")}
    t["Log"] = [onnx_graph("Log", np.abs(RIM)), onnx_graph("Log", np.exp(20 * normal(131)))]
    t |= {op: [onnx_graph(op, 1000 * normal(131)), onnx_graph(op, np.array([np.nan, 0.0, -0.0, 1e-30, 8192.5], F))]
          for op in ("Cos", "Sin")}
    t["Gelu"] = [onnx_graph("Gelu", 5 * normal(131)), onnx_graph("Gelu", 5 * normal(131), approximate="tanh")]
    t["Swish"] = [onnx_graph("Swish", 20 * normal(131)), onnx_graph("Swish", 20 * normal(131), alpha=-0.5)]
    pairs = [(np.repeat(RIM, len(RIM)), np.tile(RIM, len(RIM))), (normal(2, 1, 3, 1), normal(4, 1, 5)),
             (normal(), normal(3, 7)), (integers(-9, 9, 4, 1, 3), integers(1, 9, 5, 1)),
             (integers(-9, 9, 4, 1, 3, dtype=np.int32), integers(1, 9, 5, 1, dtype=np.int32))]
    t |= {op: [onnx_graph(op, *p) for p in pairs]
          for op in ("Add", "Sub", "Mul", "Div", "Less", "Greater", "Equal")}
    t |= {op: [onnx_graph(op, *p) for p in pairs[1:]] + [onnx_graph(op, normal(3), normal(4, 1, seed=1), normal(seed=2))]
          for op in ("Max", "Min")}
    t["Pow"] = [onnx_graph("Pow", normal(5, 7), np.array(2, F)), onnx_graph("Pow", normal(5, 7), np.array(3, I)),
                onnx_graph("Pow", integers(-4, 5, 5, 7), np.array(3, I)),
                onnx_graph("Pow", positive(5, 7), np.array([0.5, -1, 0, 1, 2, -2, 0.3], F))]
    t["And"] = [onnx_graph("And", booleans(2, 1, 3), booleans(4, 1))]
    t["Where"] = [onnx_graph("Where", booleans(3, 5), integers(-9, 9, 3, 5), integers(-9, 9, 5)),
                  onnx_graph("Where", np.array(True), normal(2, 1), normal(3))]
    numbers = np.array([0, -0.0, 0.4, 2.7, -2.7, 100.5, -100.5, 1e-45, 65000], F)
    types = [onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16, onnx.TensorProto.DOUBLE, onnx.TensorProto.INT64,
             onnx.TensorProto.BOOL]
    t["Cast"] = [onnx_graph("Cast", numbers, to=to) for to in types] + [
        onnx_graph("Cast", integers(-300, 300, 40), to=to) for to in (onnx.TensorProto.INT8, onnx.TensorProto.UINT8)]
    return t


def products():
    t = {}
    t["MatMul"] = [onnx_graph("MatMul", normal(7), normal(7, seed=1)), onnx_graph("MatMul", normal(7), normal(3, 7, 5)),
                   onnx_graph("MatMul", normal(2, 3, 7), normal(7)),
                   onnx_graph("MatMul", integers(-9, 9, 5, 7), integers(-9, 9, 7, 3))]
    t["Gemm"] = [onnx_graph("Gemm", normal(5, 7), normal(9, 7, seed=1), np.array(0.5, F), transB=1),
                 onnx_graph("Gemm", normal(7, 5), normal(7, 9, seed=1), normal(5, 9, seed=2), transA=1, beta=0.0),
                 onnx_graph("Gemm", normal(5, 0), normal(0, 9), normal(9))]

    def product(a, b, bias=None, accumulator=None, **k):
        attributes = ", ".join(f"{n}: {'float' if n == 'alpha' else 'int'} = {v}" for n, v in k.items())
        return own_graph("Product", lambda **g: own.product(**g, **k), attributes=attributes, a=a, b=b, bias=bias,
                         accumulator=accumulator)
    t["Product"] = [product(normal(3, 5, 7), normal(9, 7, seed=1), normal(9, seed=2), trans_b=1),
                    product(normal(2, 1, 7, 5), normal(3, 7, 4, seed=1), trans_a=1),
                    product(normal(2, 3, 5, 7), normal(2, 3, 9, 7, seed=1), trans_b=1, alpha=-0.3),
                    product(normal(35, 11), normal(35, 13, seed=1), None, normal(11, 13, seed=2), trans_a=1),
                    product(normal(1, 33), normal(17, 33, seed=1), normal(17, seed=2), trans_b=1),
                    product(normal(5, 0), normal(0, 4), normal(4))]
    equal = np.array([[1, 3, 3, 0], [2, 2, 2, 2]], F)
    t["TopK"] = [onnx_graph("TopK", equal, i64(3), outputs=2), onnx_graph("TopK", equal, i64(3), outputs=2, largest=0),
                 onnx_graph("TopK", integers(-9, 9, 5, 70), i64(70), outputs=2),
                 onnx_graph("TopK", normal(3, 700), i64(50), outputs=2)]
    t["ArgMax"] = [onnx_graph("ArgMax", equal, axis=1), onnx_graph("ArgMax", equal, axis=-1, select_last_index=1),
                   onnx_graph("ArgMax", integers(-9, 9, 5, 70), axis=0)]
    t["CumSum"] = [onnx_graph("CumSum", normal(3, 7), np.array(-1), reverse=1),
                   onnx_graph("CumSum", integers(-9, 9, 3, 7), np.array(0), exclusive=1)]
    reductions = lambda op: [onnx_graph(op, normal(3, 5, 7)), onnx_graph(op, normal(3, 5, 7), noop_with_empty_axes=1),
                             onnx_graph(op, normal(3, 5, 7), i64(-2)), onnx_graph(op, normal(2, 3, 5, 7), i64(3, 1)),
                             onnx_graph(op, integers(-9, 9, 3, 5), i64(0), keepdims=0), onnx_graph(op, normal())]
    return t | {op: reductions(op) for op in ("ReduceSum", "ReduceMean", "ReduceMax")}


def movement():
    t = {}
    t["Reshape"] = [onnx_graph("Reshape", normal(2, 3, 4), i64(-1)), onnx_graph("Reshape", normal(1), i64())]
    t["Transpose"] = [onnx_graph("Transpose", normal(2, 3, 5, 7), perm=[0, 2, 1, 3]),
                      onnx_graph("Transpose", normal(2, 3, 5, 7), perm=[3, 0, 2, 1]),
                      onnx_graph("Transpose", integers(-9, 9, 3, 5))]
    t["Expand"] = [onnx_graph("Expand", normal(3, 1), i64(1)), onnx_graph("Expand", normal(), i64(2, 3))]
    lowest = np.iinfo(I).min
    t["Slice"] = [onnx_graph("Slice", normal(7, 5), i64(-1), i64(lowest), i64(0), i64(-1)),
                  onnx_graph("Slice", normal(7, 5), i64(-1), i64(-1), i64(0), i64(-1)),
                  onnx_graph("Slice", normal(7, 5), i64(-100, 1), i64(100, 4), i64(-2, -1), i64(2, 2))]
    t["Concat"] = [onnx_graph("Concat", normal(3, 0), normal(3, 4), integers(0, 2, 3, 1).astype(F), axis=1)]
    t["Split"] = [onnx_graph("Split", normal(3, 7), outputs=3, axis=-1, num_outputs=3),
                  onnx_graph("Split", normal(3, 7), i64(0, 7, 0), outputs=3, axis=1)]
    t["Gather"] = [onnx_graph("Gather", normal(5, 7), np.array(-2, I)),
                   onnx_graph("Gather", normal(3, 5, 7), integers(-7, 7, 2, 4), axis=-1),
                   onnx_graph("Gather", normal(8, 3), integers(0, 8, 5, dtype=np.int32))]
    t["GatherND"] = [onnx_graph("GatherND", normal(3, 5, 7), integers(-3, 3, 4, 1)),
                     onnx_graph("GatherND", normal(2, 3, 5, 7), integers(-5, 5, 2, 3, 4, 1), batch_dims=2)]
    rows = integers(-5, 5, 9, 1)
    t["ScatterND"] = [onnx_graph("ScatterND", normal(5, 7), rows, normal(9, 7, seed=1), reduction=how)
                      for how in ("add", "mul", "max", "min")]
    t["TensorScatter"] = [onnx_graph("TensorScatter", normal(2, 7), normal(2, 3, seed=1), i64(4, 0), axis=1),
                          onnx_graph("TensorScatter", normal(2, 3, 8, 4), normal(2, 3, 8, 4, seed=1), axis=-2)]
    return t


def normalizations():
    t = {}
    wild = np.array([[1000, 0, -1000], [-np.inf, 0, 1], [88, 88, 88]], F)
    for op in ("Softmax", "LogSoftmax"):
        t[op] = [onnx_graph(op, wild), onnx_graph(op, normal(2, 3, 5, 7), axis=-2), onnx_graph(op, normal(3, 700))]
    t["RMSNormalization"] = [onnx_graph("RMSNormalization", normal(4, 7), normal(1, seed=1)),
                             onnx_graph("RMSNormalization", 1e3 * normal(2, 3, 65), normal(65, seed=1), epsilon=0.0),
                             onnx_graph("RMSNormalization", normal(3, 5, 7), normal(3, 5, 7, seed=1), axis=0)]
    t["LayerNormalization"] = [
        onnx_graph("LayerNormalization", 5 + normal(2, 3, 65), normal(65, seed=1)),
        onnx_graph("LayerNormalization", normal(3, 5, 7), normal(3, 5, 7, seed=1), normal(3, 5, 7, seed=2), axis=-3,
                   epsilon=0.1)]
    x, ids = normal(2, 3, 5, 8), integers(0, 9, 2, 5)
    angles = lambda *shape: (np.cos(normal(*shape)), np.sin(normal(*shape)))
    flat = normal(2, 5, 24)
    t["RotaryEmbedding"] = [
        onnx_graph("RotaryEmbedding", x, *angles(9, 4), ids, interleaved=0),
        onnx_graph("RotaryEmbedding", x, *angles(9, 4), ids, interleaved=1),
        onnx_graph("RotaryEmbedding", flat, *angles(9, 4), ids, num_heads=3),
        onnx_graph("RotaryEmbedding", flat, *angles(9, 4), ids, num_heads=3, interleaved=1),
        onnx_graph("RotaryEmbedding", x, *angles(2, 5, 4), interleaved=1),
        onnx_graph("RotaryEmbedding", x, *angles(2, 5, 3), rotary_embedding_dim=6)]
    t["SwishGrad"] = [own_graph("SwishGrad", lambda **g: own.swish_grad(alpha=1.7, **g), attributes="alpha: float = 1.7",
                                dy=normal(131), x=5 * normal(131, seed=1))]
    t["SwiGLU"] = [own_graph("SwiGLU", lambda **g: own.swi_glu(alpha=1.7, **g), attributes="alpha: float = 1.7",
                             gate=20 * normal(131), other=normal(131, seed=1))]
    t["SwiGLUGrad"] = [own_graph("SwiGLUGrad", lambda **g: own.swi_glu_grad(alpha=1.7, **g), ("dgate", "dother"),
                                 "alpha: float = 1.7", dy=normal(131), gate=20 * normal(131, seed=1),
                                 other=normal(131, seed=2))]
    t["GeluGrad"] = [own_graph("GeluGrad", own.gelu_grad, dy=normal(131), x=5 * normal(131, seed=1))]
    return t


def losses():
    t = {}
    labels, weights = integers(0, 11, 3, 5), positive(11, seed=3)
    some = np.where(labels % 3 == 0, 4, labels)
    loss = lambda *operands, **k: onnx_graph("SoftmaxCrossEntropyLoss", *operands, **k)
    t["SoftmaxCrossEntropyLoss"] = [
        loss(30 * normal(3, 11, 5), labels, reduction="sum", outputs=2),
        loss(normal(3, 11, 5), some, reduction="none", ignore_index=4),
        loss(normal(3, 11, 5), labels, weights, reduction="none", outputs=2),
        loss(normal(3, 11, 5), some, weights, reduction="mean", ignore_index=4),
        loss(normal(15, 700), integers(-1, 700, 15), reduction="mean", ignore_index=-1)]

    def grad(scores, labels, dloss, w=None, **k):
        attributes = ", ".join(f'{n}: string = "{v}"' if n == "reduction" else f"{n}: int = {v}" for n, v in k.items())
        return own_graph("SoftmaxCrossEntropyLossGrad", lambda **g: own.cross_entropy_grad(**g, **k), ("dscores",),
                         attributes, scores=scores, labels=labels, weights=w, lse=own.log_sum_exp(scores), dloss=dloss)
    t["SoftmaxCrossEntropyLossGrad"] = [
        grad(normal(3, 11, 5), some, np.array(2, F), weights, reduction="mean", ignore_index=4),
        grad(normal(3, 11, 5), some, normal(3, 5, seed=4), weights, reduction="none", ignore_index=4),
        grad(30 * normal(15, 700), integers(0, 700, 15), np.array(2, F), reduction="sum")]
    linear = lambda outputs, formula, rows, attributes="": own_graph(
        "LinearCrossEntropyLoss", formula, outputs, attributes, x=10 * normal(*rows, 9), weight=normal(700, 9, seed=1),
        labels=integers(0, 700, int(np.prod(rows))))
    t["LinearCrossEntropyLoss"] = [
        linear(("loss",), lambda **g: own.linear_cross_entropy(**g)[:1], (15,)),
        linear(("loss", "dx"), lambda **g: own.linear_cross_entropy(**g)[:2], (3, 1, 5)),
        linear(("loss", "", "dweight"), lambda **g: own.linear_cross_entropy(**g), (15,)),
        linear(("loss", "dx", "dweight"), lambda **g: own.linear_cross_entropy(**g, ignore_index=3, z_loss=0.125),
               (15,), "ignore_index: int = 3, z_loss: float = 0.125, tile_rows: int = 4")]
    t["EmbeddingGrad"] = [own_graph("EmbeddingGrad", lambda **g: own.embedding_grad_along(1, 7, **g), ("dw",),
                                    "num_rows: int = 7, axis: int = 1", indices=integers(0, 7, 9),
                                    dy=normal(3, 9, 5))]
    return t


def attentions():
    t = {}
    attention = lambda *operands, **k: onnx_graph("Attention", *operands, **k)
    q, k, v = normal(2, 4, 5, 8), normal(2, 2, 9, 8, seed=1), normal(2, 2, 9, 6, seed=2)
    open_ = booleans(2, 1, 5, 9)
    open_[..., 0] = True
    past = normal(2, 2, 3, 8, seed=3), normal(2, 2, 3, 6, seed=4)
    flat = normal(2, 5, 32), normal(2, 9, 16, seed=1), normal(2, 9, 12, seed=2)
    heads = dict(q_num_heads=4, kv_num_heads=2)
    t["Attention"] = [
        attention(q, k, v, open_), attention(q, k, v, open_, is_causal=1), attention(q, k, v, normal(4, 1, 9)),
        attention(q, k, v, normal(2, 4, 5, 9), softcap=1.5, scale=0.7), attention(*flat, **heads),
        attention(*flat, is_causal=1, **heads), attention(q, k, v, None, *past, outputs=3, is_causal=1),
        attention(*flat, normal(5, 12), *past, outputs=3, is_causal=1, **heads),
        attention(q, k, v, None, None, None, i64(4, 9)), attention(q, k, v, None, None, None, i64(7, 5), is_causal=1),
        attention(normal(1, 2, 131, 16), normal(1, 1, 131, 16), normal(1, 1, 131, 16, seed=1), is_causal=1)] + [
        attention(q, k, v, normal(5, 9), None, None, outputs=["y0", "", "", "y3"], qk_matmul_output_mode=mode, softcap=softcap)
        for mode, softcap in ((0, 0.0), (1, 2.0), (2, 2.0), (3, 2.0))]

    def grad(q, k, v, mask=None, lengths=None, heads=None, **options):
        dy, y, lse = own.attention_saved(q, k, v, mask, heads=heads, lengths=lengths, **options)
        attributes = [f"is_causal: int = {int(options.get('causal', False))}"]
        attributes += [f"{n}: float = {options[n]}" for n in ("scale", "softcap") if n in options]
        if heads:
            attributes += [f"q_num_heads: int = {heads[0]}, kv_num_heads: int = {heads[1]}"]
        return own_graph("AttentionGrad", lambda **g: own.attention_grad(q, k, v, mask, heads=heads, dy=dy,
                                                                         lengths=lengths, **options),
                         ("dq", "dk", "dv"), ", ".join(attributes), q=q, k=k, v=v, attn_mask=mask,
                         nonpad_kv_seqlen=lengths, y=y, lse=lse, dy=dy)
    t["AttentionGrad"] = [
        grad(*flat, heads=(4, 2), causal=True), grad(q, k, v, open_, softcap=1.5), grad(q, k, v, None, i64(4, 9)),
        grad(*flat, None, i64(7, 5), heads=(4, 2), causal=True, scale=0.7),
        grad(normal(1, 2, 131, 16), normal(1, 1, 131, 16), normal(1, 1, 131, 16, seed=1), causal=True)]

    def sample(batch, vocab, temperature, top_k=None, top_p=None, min_p=None, penalty=None, history=None):
        rows = lambda x, dtype=F: None if x is None else np.full(batch, x, dtype)
        return own_graph("Sample", own.sample, ("token", "logprob"), "stream: int = 3", logits=3 * normal(batch, vocab),
                         temperature=rows(temperature), top_k=rows(top_k, I), top_p=rows(top_p), min_p=rows(min_p),
                         repetition_penalty=rows(penalty), history=history, seed=np.arange(batch, dtype=I),
                         step=rows(7, I))
    # Of a draw, those where one token alone may come.
    t["Sample"] = [sample(3, 77, 0, penalty=1.5, history=integers(-1, 77, 3, 40)),
                   sample(3, 77, 0.7, top_k=1, penalty=1.5, history=integers(-1, 77, 3, 40)),
                   sample(3, 77, 1.3, top_p=0.001), sample(3, 77, 1.3, min_p=1), sample(3, 77, 0.001, top_k=5, top_p=.9),
                   sample(5, 1, 1.0)]
    return t


def table():
    return elementwise() | products() | movement() | normalizations() | losses() | attentions()
