"""weft's own operators as their formula in PyTorch, computed in f64 and given back in f32."""
import ml_dtypes
import numpy as np
import torch


def up(x):
    return torch.from_numpy(np.ascontiguousarray(x).reshape(np.shape(x))).double()


def down(*tensors):
    arrays = tuple(t.detach().numpy().astype(np.float32) for t in tensors)
    return arrays if len(arrays) > 1 else arrays[0]


def product(a, b, bias=None, accumulator=None, trans_a=False, trans_b=False, alpha=1.0):
    a, b = up(a), up(b)
    y = alpha * torch.matmul(a.mT if trans_a else a, b.mT if trans_b else b)
    if bias is not None:
        y = y + up(bias)
    if accumulator is not None:
        y = y + up(accumulator)
    return down(y)


def pack_weight(weight):
    """[N, K] -> [N / 64, K / 32, 16, 64, 2], filled up with zeros."""
    n, k = weight.shape
    whole = np.zeros((-(-n // 64) * 64, -(-k // 32) * 32), weight.dtype)
    whole[:n, :k] = weight
    return whole.reshape(whole.shape[0] // 64, 64, whole.shape[1] // 32, 16, 2).transpose(0, 2, 3, 1, 4).copy()


def packed_product(a, b, bias=None, accumulator=None, columns=0, alpha=1.0):
    weight = b.transpose(0, 3, 1, 2, 4).reshape(b.shape[0] * 64, b.shape[1] * 32)[:columns, :a.shape[-1]]
    return product(a, weight, bias, accumulator, trans_b=True, alpha=alpha)


def quantize_rows(x, bits=8, group=32):
    """Codes and scales of x [n, k], as ops/quantize_rows/op.h has them, group by group."""
    rows, k = x.shape
    groups = -(-k // group)
    bf16 = lambda value: torch.tensor(value, dtype=torch.float64).to(torch.bfloat16).double().item()
    codes, scales = np.zeros((rows, k), np.int64), np.zeros((rows, groups))
    for r in range(rows):
        for g in range(groups):
            part = x[r, g * group:(g + 1) * group].astype(np.float64)
            extreme = part[np.argmax(np.abs(part))]
            if extreme == 0:
                continue
            low, high = (-127, 127) if bits == 8 else (-8, 7)
            tried = [abs(extreme) / 127] if bits == 8 else [extreme / d for d in (-8, -8.5, -7.5, -9, -7, 7)]
            tried = [(s, np.clip(np.round(part / s), low, high)) for s in map(bf16, tried)]
            scale, best = min(tried, key=lambda t: ((part - t[0] * t[1]) ** 2).sum())
            scales[r, g], codes[r, g * group:(g + 1) * group] = scale, best
    if bits == 8:
        return codes.astype(np.int8), scales.astype(x.dtype)
    shifted = np.full((rows, -(-k // 2) * 2), 8, np.int64)
    shifted[:, :k] = codes + 8
    return (shifted[:, ::2] + 16 * shifted[:, 1::2]).astype(np.uint8), scales.astype(x.dtype)


def quantized_product(a, b, scales, bias=None, bits=8, group=32, alpha=1.0):
    k = a.shape[-1]
    codes = b.astype(np.float64)
    if bits == 4:
        codes = np.stack([b % 16, b // 16], -1).reshape(b.shape[0], -1)[:, :k].astype(np.float64) - 8
    weight = codes * np.repeat(scales.astype(np.float64), group, 1)[:, :k]
    return product(a, weight, bias, trans_b=True, alpha=alpha)


def inv_rms(x, epsilon=1e-5):
    return down(torch.rsqrt(up(x).square().mean(-1, keepdim=True) + epsilon))


def mean(x):
    return down(up(x).mean(-1, keepdim=True))


def inv_std(x, epsilon=1e-5):
    return down(torch.rsqrt((up(x) - up(x).mean(-1, keepdim=True)).square().mean(-1, keepdim=True) + epsilon))


def rms_normalization_grad(x, scale, dy, inv_rms):
    x, scale = up(x).requires_grad_(), up(scale).requires_grad_()
    y = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * scale
    y.backward(up(dy))
    return down(x.grad, scale.grad)


def layer_normalization_grad(x, scale, dy, mean, inv_std_dev):
    x, scale = up(x).requires_grad_(), up(scale).requires_grad_()
    bias = torch.zeros_like(scale).requires_grad_()
    torch.nn.functional.layer_norm(x, scale.shape, scale, bias, 1e-5).backward(up(dy))
    return down(x.grad, scale.grad, bias.grad)


def through(function, x, dy):
    x = up(x).requires_grad_()
    function(x).backward(up(dy))
    return down(x.grad)


def swish_grad(dy, x, alpha=1.0):
    return through(lambda v: v * torch.sigmoid(alpha * v), x, dy)


def gated(gate, other, alpha):
    return gate * torch.sigmoid(alpha * gate) * other


def swi_glu(gate, other, alpha=1.0):
    return down(gated(up(gate), up(other), alpha))


def swi_glu_grad(dy, gate, other, alpha=1.0):
    gate, other = up(gate).requires_grad_(), up(other).requires_grad_()
    gated(gate, other, alpha).backward(up(dy))
    return down(gate.grad, other.grad)


def gelu_grad(dy, x, approximate="none"):
    return through(lambda v: torch.nn.functional.gelu(v, approximate=approximate), x, dy)


def log_sum_exp(scores):
    return down(torch.logsumexp(up(scores), 1))


def cross_entropy_grad(scores, labels, lse, dloss, weights=None, reduction="mean", ignore_index=-100):
    scores = up(scores).requires_grad_()
    loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(labels),
                                             None if weights is None else up(weights), reduction=reduction,
                                             ignore_index=ignore_index)
    loss.backward(up(dloss))
    return down(scores.grad)


def linear_cross_entropy(x, weight, labels, reduction="mean", ignore_index=-100, z_loss=0.0):
    """The loss and its gradients."""
    x, weight = up(x).requires_grad_(), up(weight).requires_grad_()
    scores = (x @ weight.T).reshape(labels.shape[0], weight.shape[0])
    loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(labels), reduction=reduction,
                                             ignore_index=ignore_index)
    if z_loss:
        squares = torch.logsumexp(scores, 1)[torch.from_numpy(labels != ignore_index)].square()
        loss = loss + z_loss * (squares.sum() if reduction == "sum" else squares.mean())
    loss.backward()
    return down(loss, x.grad, weight.grad)


def embedding_grad(indices, dy, rows):
    index = torch.from_numpy(indices).reshape(-1)
    dw = torch.zeros(rows, dy.shape[-1], dtype=torch.float64)
    return down(dw.index_add_(0, torch.where(index < 0, index + rows, index), up(dy).reshape(-1, dy.shape[-1])))


def embedding_grad_along(axis, rows, indices, dy):
    """Of a Gather along `axis` by one-dimensional indices."""
    dw = torch.zeros(*dy.shape[:axis], rows, *dy.shape[axis + 1:], dtype=torch.float64)
    return down(dw.index_add_(axis, torch.from_numpy(indices), up(dy)))


def adam_w(param, grad, m, v, lr, step, scale=None, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    p, g, m, v = up(param), up(grad), up(m), up(v)
    g = g * (1.0 if scale is None else float(scale))
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    lr, step = float(lr), int(step)
    p = p * (1 - lr * weight_decay) - lr / (1 - beta1**step) * m / ((v / (1 - beta2**step)).sqrt() + epsilon)
    return down(p, m, v)


def multi_tensor_adam_w(weight_decay, copied, lr, step, scale, **tensors):
    t, results = list(tensors.values()), ()
    for i, decay in enumerate(weight_decay):
        results += adam_w(*t[4 * i:4 * i + 4], lr=lr, step=step, scale=scale, weight_decay=decay)
    copies = tuple(torch.from_numpy(results[3 * i]).bfloat16().float().numpy() for i in copied)
    return results + tuple(c.astype(ml_dtypes.bfloat16) for c in copies)


def sgd(param, grad, lr, buffer=None, scale=None, momentum=0.0, weight_decay=0.0, nesterov=False):
    p = up(param)
    g = up(grad) * (1.0 if scale is None else float(scale)) + weight_decay * p
    if buffer is None:
        return down(p - float(lr) * g)
    b = momentum * up(buffer) + g
    return down(p - float(lr) * (g + momentum * b if nesterov else b), b)


def global_norm(**gradients):
    return down(torch.sqrt(sum(up(g).square().sum() for g in gradients.values())))


def clip_scale(norm, count=None, max_norm=0.0):
    count = 1.0 if count is None else float(count)
    average = float(norm) / count
    factor = min(1.0, max_norm / (average + 1e-6)) if max_norm > 0 else 1.0
    return np.float32(factor / count), np.float32(average)


# ---- attention


def heads_apart(x, heads):
    """[batch, seq, heads * size] -> [batch, heads, seq, size]"""
    return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def heads_together(x):
    return x.transpose(1, 2).reshape(x.shape[0], x.shape[2], -1)


def scores_of(q, k, mask=None, causal=False, scale=None, softcap=0.0, lengths=None):
    """q k' * scale, capped, with -inf where a query may not look. `lengths` counts the keys of each sequence that are
    there; the last query then stands at the last of them."""
    s = q @ k.mT * (q.shape[-1]**-0.5 if scale is None else scale)
    s = softcap * torch.tanh(s / softcap) if softcap else s
    query, key = torch.arange(s.shape[-2])[:, None], torch.arange(s.shape[-1])
    if lengths is not None:
        lengths = torch.from_numpy(lengths).reshape(-1, 1, 1, 1)
        s = s.masked_fill(key >= lengths, -torch.inf)
    if causal:
        s = s.masked_fill(key > query + (0 if lengths is None else lengths - s.shape[-2]), -torch.inf)
    if mask is None:
        return s
    return s.masked_fill(~torch.from_numpy(mask), -torch.inf) if mask.dtype == np.bool_ else s + up(mask)


def rotate(x, heads, cos, sin, positions=None, interleaved=False):
    """Pairs of each head's elements turned by the angles of the tables' rows."""
    y = heads_apart(x, heads) if heads else x
    cos, sin = ((up(t) if positions is None else up(t)[torch.from_numpy(positions)])[:, None] for t in (cos, sin))
    n = cos.shape[-1]
    turning, rest = y[..., :2 * n], y[..., 2 * n:]
    a, b = (turning[..., ::2], turning[..., 1::2]) if interleaved else (turning[..., :n], turning[..., n:])
    a, b = a * cos - b * sin, a * sin + b * cos
    turned = torch.stack((a, b), -1).flatten(-2) if interleaved else torch.cat((a, b), -1)
    y = torch.cat((turned, rest), -1)
    return heads_together(y) if heads else y


def attention(q, k, v, mask=None, heads=None, rotary=None, **options):
    """y and the log-sum-exp of the scores; grouped heads are repeated. `rotary`: the operands of rotate."""
    if rotary:
        q, k = rotate(q, heads and heads[0], **rotary), rotate(k, heads and heads[1], **rotary)
    if heads:
        q, k, v = heads_apart(q, heads[0]), heads_apart(k, heads[1]), heads_apart(v, heads[1])
    group = q.shape[1] // max(k.shape[1], 1)
    k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    s = scores_of(q, k, mask, **options)
    y = s.softmax(-1) @ v
    return (heads_together(y) if heads else y), s.logsumexp(-1)


def attention_saved(q, k, v, mask=None, heads=None, **options):
    y, lse = attention(up(q), up(k), up(v), mask, heads, **options)
    dy = np.random.default_rng(5).standard_normal(tuple(y.shape)).astype(np.float32)
    return (dy,) + down(y, lse)


def attention_grad(q, k, v, mask=None, heads=None, dy=None, **options):
    operands = [up(x).requires_grad_() for x in (q, k, v)]
    attention(*operands, mask, heads, **options)[0].backward(up(dy))
    return down(*(x.grad for x in operands))


def rotated_cached_attention(q, k, v, key_cache, value_cache, table, start, cos_cache, sin_cache, position_ids, heads):
    q, k = (down(rotate(up(x), n, cos_cache, sin_cache, position_ids)) for x, n in zip((q, k), heads))
    return cached_attention(q, k, v, key_cache, value_cache, table, start, heads)


def cached_attention(q, k, v, key_cache, value_cache, table, start, heads):
    page = key_cache.shape[1]
    keys, values = up(key_cache).clone(), up(value_cache).clone()
    batch, seq = q.shape[:2]
    for b in range(batch):
        for i in range(seq):
            p = int(start[b]) + i
            keys[table[b, p // page], p % page] = up(k)[b, i]
            values[table[b, p // page], p % page] = up(v)[b, i]
    y = torch.zeros(batch, seq, heads[0] * (v.shape[-1] // heads[1]), dtype=torch.float64)
    for b in range(batch):
        for i in range(seq):
            n = int(start[b]) + i + 1
            rows = [(table[b, p // page], p % page) for p in range(n)]
            seen = [torch.stack([cache[r] for r in rows])[None] for cache in (keys, values)]
            y[b, i] = attention(up(q)[b:b + 1, i:i + 1], *seen, heads=heads)[0][0, 0]
    return down(y, keys, values)


def cached_attention_cases(normal):
    def case(heads, size, batch, seq, page, table, start):
        pages = int(table.max()) + 2
        kv = heads[1] * size
        return heads, dict(q=normal(batch, seq, heads[0] * size), k=normal(batch, seq, kv, seed=1),
                           v=normal(batch, seq, kv, seed=2), key_cache=normal(pages, page, kv, seed=3),
                           value_cache=normal(pages, page, kv, seed=4), table=table, start=start)
    ids = lambda *rows: np.array(rows, np.int64)
    return [case((4, 2), 8, 2, 1, 16, ids([0], [1]), ids(0, 9)[:]),
            case((3, 3), 5, 2, 5, 4, ids([2, 0, 5], [1, 4, 3]), ids(3, 6)),
            case((6, 2), 7, 3, 2, 3, ids([0, 1], [2, 3], [4, 5]), ids(1, 4, 0))]


def sample(logits, temperature, seed, top_k=None, top_p=None, min_p=None, repetition_penalty=None, history=None,
           step=None):
    """The token that stays when all others are ruled out; with temperature 0 the best."""
    tokens, logprobs = [], up(logits).log_softmax(-1)
    for row in range(logits.shape[0]):
        z = up(logits[row]).clone()
        for token in set() if history is None else set(history[row]) - {-1}:
            z[token] = z[token] * repetition_penalty[row] if z[token] < 0 else z[token] / repetition_penalty[row]
        if temperature[row] == 0:
            tokens.append(int(z.argmax()))
            continue
        w = ((z - z.max()) / float(temperature[row])).exp()
        stays = w.argsort(descending=True, stable=True)
        if top_k is not None and top_k[row] > 0:
            stays = stays[:top_k[row]]
        if top_p is not None and top_p[row] < 1:
            before = w[stays].cumsum(0) - w[stays]
            stays = stays[(before < float(top_p[row]) * w[stays].sum()) | (before == 0)]
        if min_p is not None:
            stays = stays[w[stays] >= float(min_p[row])]
        certain = stays[w[stays] > 1e-30]  # the others do not come in the life of the universe
        assert len(certain) == 1, "this draw is not certain"
        tokens.append(int(certain[0]))
    tokens = np.array(tokens, np.int64).reshape(logits.shape[0])
    return tokens, down(logprobs[np.arange(len(tokens)), tokens])


def fused_chain(a, b, c):
    p = up(a) * up(b)
    return down(p * torch.sigmoid(p + up(c)))


def fused_sums(a, b):
    v = up(a) + up(b)
    return down(v, v.square().mean(-1, keepdim=True))


def fused_gain(a, b):
    return down((up(a) * up(b)).sum(0, keepdim=True))
