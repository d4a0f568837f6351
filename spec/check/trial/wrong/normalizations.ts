import type { Tensor } from "../../../../lib/index.ts";
import { byHand, type Case, type Cases, normal } from "../case.ts";

const EPSILON = 1e-5;

const mean = (x: Tensor) => x.mean(-1, { keepDims: true });
const deviation = (x: Tensor) =>
	mean(x.sub(mean(x)).square())
		.add(EPSILON)
		.sqrt();
const layerNorm = (x: Tensor) => x.sub(mean(x)).div(deviation(x));
const rms = (x: Tensor) => mean(x.square()).add(EPSILON).sqrt();

/** A function of rows of three elements with the gradient that is written here. */
function ofRows(
	says: string,
	f: (x: Tensor) => Tensor,
	pull: (g: Tensor, y: Tensor, x: Tensor) => Tensor,
): Case {
	const custom = byHand(
		(x) => f(x!),
		(g, y, x) => pull(g, y, x!),
	);
	return { says, f: custom, at: [normal(1, [2, 3])], expected: "fail" };
}

/** Terms that were dropped where a whole row has a say in each of its elements. */
export const normalizations: Cases = {
	"softmax, sum left out": ofRows(
		"the gradient is y·(g − Σ g·y), not y·g",
		(x) => x.softmax(-1),
		(g, y) => y.mul(g),
	),
	"softmax, mean for the weighted sum": ofRows(
		"the gradient takes the mean of g off where Σ g·y belongs: right for a cotangent of ones",
		(x) => x.softmax(-1),
		(g, y) => y.mul(g.sub(mean(g))),
	),
	"log-softmax, sum of the cotangent left out": ofRows(
		"the gradient is g − softmax(x)·Σ g, not g − softmax(x)·g",
		(x) => x.logSoftmax(-1),
		(g, y) => g.sub(y.exp().mul(g)),
	),
	"layer norm, mean held fixed": ofRows(
		"the term that comes from the mean is left out",
		layerNorm,
		(g, y, x) => g.sub(y.mul(mean(g.mul(y)))).div(deviation(x)),
	),
	"layer norm, deviation held fixed": ofRows(
		"the term that comes from the standard deviation is left out",
		layerNorm,
		(g, _, x) => g.sub(mean(g)).div(deviation(x)),
	),
	"batch norm, statistics held fixed": ofRows(
		"the batch's mean and deviation are taken for constants",
		(x) => layerNorm(x.T).T,
		(g, _, x) => g.div(deviation(x.T).T),
	),
	"batch norm, epsilon outside of the root": ofRows(
		"the gradient divides by √variance + ε, the value by √(variance + ε)",
		(x) => layerNorm(x.T).T,
		(g, y, x) => {
			const [back, out] = [g.T, y.T];
			const outside = mean(x.T.sub(mean(x.T)).square())
				.sqrt()
				.add(EPSILON);
			return back
				.sub(mean(back))
				.sub(out.mul(mean(back.mul(out))))
				.div(outside).T;
		},
	),
	"root mean square norm, not projected": ofRows(
		"the part of the cotangent along the result is not taken off",
		(x) => x.div(rms(x)),
		(g, _, x) => g.div(rms(x)),
	),
	"cross-entropy, label not taken off": ofRows(
		"the gradient is (p − y)/n, not p/n; each row's label is its first class",
		(x) => x.logSoftmax(-1).slice([], 0).mean().neg(),
		(g, _, x) => g.mul(x.softmax(-1).div(x.shape[0]!)),
	),
};
