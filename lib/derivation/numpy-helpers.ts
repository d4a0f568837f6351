/** Python functions that NumPy lacks and the ops' NumPy notation uses, each under its name. */
const HELPERS: Readonly<Record<string, string>> = {
	softmax: `def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)`,
	log_softmax: `def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))`,
	logsumexp: `def logsumexp(x, axis=None, keepdims=False):
    greatest = x.max(axis=axis, keepdims=True)
    total = greatest + np.log(np.exp(x - greatest).sum(axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis=axis)`,
	sigmoid: `def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))`,
};

/** The definitions of the helpers that a program's text calls. */
export function helpersFor(text: string): string[] {
	return Object.entries(HELPERS).flatMap(([name, definition]) =>
		new RegExp(`(?<![\\w.])${name}\\(`).test(text) ? [definition] : [],
	);
}
