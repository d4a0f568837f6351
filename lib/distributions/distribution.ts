import { DomainError } from "../core/error.ts";
import { asTensor, broadcastNumber, commonArgumentDType, floating } from "../core/lift.ts";
import { broadcastShapes, type Shape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { where } from "../ops/comparison.ts";

/** A parameter of a distribution: a number, or a tensor with one for each of a batch. */
export type Parameter = Tensor | number;

/** A distribution by its parameters: a plain object, which is never changed. */
export interface Distribution {
	/** What it is called; `kl` compares two of one kind. */
	readonly kind: string;
	/** Its parameters by name. */
	readonly parameters: Readonly<Record<string, Tensor>>;
	/** The shape to which its parameters broadcast, without what one sample is made of. */
	readonly batchShape: Shape;
	/** The shape of one sample: () for numbers, (n) for vectors. */
	readonly eventShape: Shape;
	/** The logarithm of the density, or of the probability, at x; −∞ where x cannot be. */
	readonly logProb: (x: TensorLike) => Tensor;
	/**
	 * Samples, whose shape without that of an event is the one given; left out, that of the batch.
	 */
	readonly sample: (key: Tensor, shape?: Shape) => Tensor;
	readonly mean: Tensor;
	readonly variance: Tensor;
	/** The entropy, in nats. */
	readonly entropy: () => Tensor;
}

/** A distribution of numbers with a distribution function in closed form. */
export interface DistributionOfNumbers extends Distribution {
	/** How likely a sample is at most x. */
	readonly cdf: (x: TensorLike) => Tensor;
}

/** What is stated of a distribution of numbers; the rest follows from it. */
type Stated = Omit<DistributionOfNumbers, "batchShape" | "eventShape">;

/** A distribution of numbers. */
export function ofNumbers(stated: Stated): DistributionOfNumbers {
	const shapes = Object.values(stated.parameters).map(({ shape }) => shape);
	const batchShape = broadcastShapes(stated.kind, shapes);
	const { logProb, cdf } = stated;
	return Object.freeze({
		...stated,
		batchShape,
		eventShape: [],
		logProb: (x: TensorLike) => logProb(lifted(stated, x)),
		cdf: (x: TensorLike) => cdf(lifted(stated, x)),
	});
}

/** Where a distribution is asked about: a number takes the dtype of the parameters. */
export function lifted(
	{ kind, parameters }: Pick<Distribution, "kind" | "parameters">,
	x: TensorLike,
): Tensor {
	if (typeof x !== "number") return asTensor(kind, x);
	const dtype = floating.lift(commonArgumentDType(kind, Object.values(parameters)));
	return broadcastNumber(kind, x, dtype, []);
}

const FITS = {
	"a finite number": (x: number) => Number.isFinite(x),
	"a finite number above 0": (x: number) => x > 0 && x < Number.POSITIVE_INFINITY,
	"a number from 0 to 1": (x: number) => x >= 0 && x <= 1,
};

/**
 * A parameter as a tensor. A number takes the dtype of those beside it and is checked; of tensors,
 * whose values may not be known, what is no parameter gives NaN.
 * @throws DomainError for a number that is not as it has to be
 */
export function parameter(
	kind: string,
	name: string,
	x: Parameter,
	expected: keyof typeof FITS = "a finite number",
	beside: readonly Parameter[] = [],
): Tensor {
	if (typeof x !== "number") return asTensor(kind, x);
	const dtype = floating.lift(commonArgumentDType(kind, beside));
	if (FITS[expected](x)) return broadcastNumber(kind, x, dtype, []);
	throw new DomainError(`${kind}: expected ${name} to be ${expected}, got ${x}`);
}

/** −∞ where x cannot be, and what is said of it elsewhere; NaN stays. */
export const within = (isOutside: Tensor, log: Tensor): Tensor =>
	where(isOutside, Number.NEGATIVE_INFINITY, log);
