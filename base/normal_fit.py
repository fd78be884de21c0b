# Fits the coefficients of base/normal.cc (needs mpmath). Run it, compare, paste.
#
# The quantile x(q) of the standard normal, q = u - 1/2, as two rational functions, each interpolating at the
# Chebyshev nodes of its range:
#   |q| <= 0.425:  x = q * P(q^2) / Q(q^2)
#   otherwise:     x = P(r) / Q(r),  r = sqrt(-log p),  p = 1/2 - |q| >= 2^-34
from mpmath import cos, erfinv, exp, log, lu_solve, matrix, mp, mpf, pi, sqrt

mp.dps = 60
SPLIT = mpf("0.425")


def quantile_above(p):  # x > 0 with upper tail p
    return sqrt(2) * erfinv(1 - 2 * p)


def fit(f, low, high, degree_p, degree_q):
    """P, Q (Q[0] = 1) with P/Q = f at degree_p + degree_q + 1 nodes."""
    n = degree_p + degree_q + 1
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    rows, right = [], []
    for t in nodes:
        y = f(t)
        rows.append([t**j for j in range(degree_p + 1)] + [-y * t**j for j in range(1, degree_q + 1)])
        right.append(y)
    c = list(lu_solve(matrix(rows), matrix(right)))
    return c[: degree_p + 1], [mpf(1)] + c[degree_p + 1 :]


def evaluate(c, t):
    y = mpf(0)
    for k in reversed(c):
        y = y * t + k
    return y


def show(name, f, low, high, degree_p, degree_q, scale):
    p, q = fit(f, low, high, degree_p, degree_q)
    worst = max(
        abs(evaluate(p, t) / evaluate(q, t) - f(t)) * scale(t)
        for t in [low + (high - low) * mpf(i) / 2000 for i in range(2001)]
    )
    print(f"// {name}: largest error {float(worst):.1e}")
    for label, c in (("P", p), ("Q", q)):
        print(f"constexpr double k{name}{label}[] = {{" + ", ".join(repr(float(k)) for k in c) + "};")


show("Central", lambda t: quantile_above(mpf(1) / 2 - sqrt(t)) / sqrt(t) if t > 0 else sqrt(2 * pi),
     mpf(0), SPLIT**2, 5, 5, lambda t: sqrt(t))
show("Tail", lambda r: quantile_above(exp(-r * r)),
     sqrt(-log(mpf(1) / 2 - SPLIT)), sqrt(-log(mpf(2) ** -34)), 5, 4, lambda r: mpf(1))
