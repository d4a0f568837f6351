import { DomainError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { broadcastShapes, type Shape, sameShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { add, mul, square, sub } from "../ops/arithmetic.ts";
import { equal, where } from "../ops/comparison.ts";
import { take } from "../ops/indexing.ts";
import { stack } from "../ops/joining.ts";
import { logSumExp } from "../ops/reductions.ts";
import { logSoftmax, softmax } from "../ops/softmax.ts";
import { categorical as drawCategorical } from "../random/discrete.ts";
import { split } from "../random/keys.ts";
import { expandDims } from "../structure/layout.ts";
import type { Distribution, DistributionOfNumbers } from "./distribution.ts";

/**
 * One of several distributions, chosen with probabilities softmax(logits), a vector. A sample is
 * differentiable by the parameters of the one that was chosen, and not by the logits. There is a
 * `cdf` if all of them have one.
 * @throws ShapeError when there is not a logit for each, or they do not fit together
 * @throws DomainError by `entropy`, which has no closed form
 */
export function mixture(
	logits: Tensor,
	components: readonly DistributionOfNumbers[],
): DistributionOfNumbers;
/** The same of distributions of which not all have a `cdf`, or of vectors. */
export function mixture(logits: Tensor, components: readonly Distribution[]): Distribution;
/** Both. */
export function mixture(logits: Tensor, components: readonly Distribution[]): Distribution {
	const given = asTensor("mixture", logits);
	const n = components.length;
	if (n === 0 || !sameShape(given.shape, [n])) {
		throw new ShapeError(
			`mixture: expected a logit for each of ${n} distributions, got shape (${given.shape.join("×")})`,
		);
	}
	const { eventShape } = components[0]!;
	if (!components.every((one) => sameShape(one.eventShape, eventShape))) {
		throw new ShapeError("mixture: expected distributions whose samples are of one shape");
	}
	const batchShape = broadcastShapes(
		"mixture",
		components.map((one) => one.batchShape),
	);
	const [logs, p] = [logSoftmax(given, 0), softmax(given, 0)];
	const weight = (i: number) => take(p, i, 0);
	const total = (of: (one: Distribution) => Tensor) =>
		components.map((one, i) => mul(weight(i), of(one))).reduce((x, y) => add(x, y));
	const mean = total((one) => one.mean);
	const numbers = components as readonly DistributionOfNumbers[];
	return Object.freeze({
		kind: "mixture",
		parameters: { logits: given },
		batchShape,
		eventShape,
		logProb: (x: TensorLike) =>
			logSumExp(stack(components.map((one, i) => add(take(logs, i, 0), one.logProb(x)))), 0),
		...(numbers.every(({ cdf }) => cdf !== undefined) && {
			cdf: (x: TensorLike) => total((one) => (one as DistributionOfNumbers).cdf(x)),
		}),
		sample: (key: Tensor, shape: Shape = batchShape) => {
			const [first, ...keys] = split(key, n + 1);
			const chosen = drawCategorical(first!, given, { shape });
			const which = eventShape.reduce((x) => expandDims(x, -1), chosen);
			return components
				.map((one, i) => one.sample(keys[i]!, shape))
				.reduce((before, one, i) => where(equal(which, i), one, before));
		},
		mean,
		variance: sub(
			total((one) => add(one.variance, square(one.mean))),
			square(mean),
		),
		entropy: () => {
			throw new DomainError("mixture: its entropy has no closed form");
		},
	});
}
