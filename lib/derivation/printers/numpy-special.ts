/** Special functions that NumPy lacks, in Python. */
export const SPECIAL: Readonly<Record<string, string>> = {
	gammaln: `def gammaln(x):
    return np.vectorize(math.lgamma, otypes=[float])(x)`,
	digamma: `def digamma(x):
    w = np.asarray(x, dtype=float) + 20
    series = 1 / 12 - (1 / 120 - (1 / 252 - 1 / 240 / w**2) / w**2) / w**2
    steps = 1 / (w[..., None] - np.arange(1, 21))
    return np.log(w) - 0.5 / w - series / w**2 - steps.sum(axis=-1)`,
	polygamma: `def polygamma(n, x):
    w, s, c = np.asarray(x, dtype=float) + 20, n + 1.0, n + 1.0
    total = (w[..., None] - np.arange(1, 21)) ** -s
    total = total.sum(axis=-1) + (1 / n + 0.5 / w) / w**n
    for k, b in ((2, 1 / 12), (4, -1 / 720), (6, 1 / 30240), (8, -1 / 1209600)):
        total = total + b * c / w ** (n + k)
        c *= (s + k - 1) * (s + k)
    return (-1) ** (n + 1) * math.factorial(n) * total`,
	gammainc: `def gammainc(a, x, order=0):
    b = np.asarray(a, dtype=float)[..., None] + np.arange(1, 1001)
    x = np.asarray(x, dtype=float)[..., None]
    slopes = [np.exp((b - 1) * np.log(x) - x - gammaln(b))]
    logs = [np.log(x) - digamma(b)] + [-polygamma(n, b) for n in range(1, order)]
    for n in range(1, order + 1):
        terms = [math.comb(n - 1, k) * slopes[k] * logs[n - 1 - k] for k in range(n)]
        slopes.append(np.sum(np.stack(terms), axis=0))
    return slopes[order].sum(axis=-1)`,
	betainc: `def betainc(a, b, x):
    a, b, x = (np.asarray(v, dtype=float)[..., None] for v in (a, b, x))
    ratios = (a + b + np.arange(1000)) / (a + 1 + np.arange(1000)) * x
    scale = gammaln(a + b) - gammaln(a + 1) - gammaln(b)
    scale = scale + a * np.log(x) + b * np.log1p(-x)
    terms = 1 + np.cumprod(ratios, axis=-1).sum(axis=-1, keepdims=True)
    return (np.exp(scale) * terms)[..., 0]`,
	ndtri: `def ndtri(p):
    import statistics
    return np.vectorize(statistics.NormalDist().inv_cdf, otypes=[float])(p)`,
};
