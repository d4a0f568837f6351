import * as kind from "../core/argument-kinds.ts";
import { zeros } from "../core/create.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, maximum, minimum, mul, sqrt, square, sub } from "../ops/arithmetic.ts";
import { power } from "../ops/exponential.ts";
import { matmul } from "../ops/products.ts";
import { mean } from "../ops/reductions.ts";
import { learningRateKind, type Optimizer, type OptimizerOptions, optimizer } from "./optimizer.ts";

/** Options of `adafactor`. */
export interface AdafactorOptions extends OptimizerOptions {
	/** The means keep 1 − t^exponent at update t; left out: −0.8. */
	readonly decayExponent?: number;
	/** The least that a parameter counts for in its step; left out: 1e−3. */
	readonly leastScale?: number;
	/** The greatest root mean square of a step before it is scaled; left out: 1. */
	readonly clip?: number;
}

const ADAFACTOR_OPTIONS: OptionKinds<AdafactorOptions> = {
	learningRate: learningRateKind,
	decayExponent: {
		expected: "a number up to 0",
		holds: (x) => typeof x === "number" && x <= 0,
	},
	leastScale: kind.notNegative,
	clip: kind.positive,
};

/** Below these nothing is divided by: the distance from 1 to the next number of the dtype. */
const SMALLEST = { float64: 2 ** -52, float32: 2 ** -23 } as const;

/**
 * Adafactor: as Adam without m, with little memory. Of the mean of g² of a matrix (the last two
 * axes) it keeps that of each row and of each column, whose product over their mean stands for it;
 * of a vector all. The step g / √v is scaled down where its root mean square is above `clip`, and
 * then in proportion to that of the parameter. The learning rate is the greatest: it is not above 1
 * / √t (N. Shazeer and M. Stern, "Adafactor: adaptive learning rates with sublinear memory cost",
 * 2018, in the form that PyTorch gives it). The slot `rows` has the means of a vector too.
 */
export function adafactor(options: AdafactorOptions): Optimizer<"rows" | "columns"> {
	const given = checkOptions("adafactor", options, ADAFACTOR_OPTIONS, ["learningRate"]);
	const { learningRate, decayExponent = -0.8, leastScale = 1e-3, clip = 1 } = given;
	return optimizer({
		name: "adafactor",
		learningRate,
		slots: ["rows", "columns"],
		start: (slot, { shape, rank, dtype }) => {
			if (rank < 2) return zeros(slot === "rows" ? shape : [0], { dtype });
			return zeros(shape.with(slot === "rows" ? -1 : -2, 1), { dtype });
		},
		rate: (rate, t) => minimum(div(1, sqrt(t)), rate),
		scalars: (t) => ({ share: power(t, decayExponent) }),
		direct: (g, slots, { share }, x) => {
			const smallest = SMALLEST[x.dtype as keyof typeof SMALLEST];
			const moved = (old: Tensor, now: Tensor) => add(old, mul(share, sub(now, old)));
			const squares = square(g);
			const along = (axis: number) => mean(squares, axis, { keepDims: true });
			const rows = moved(slots.rows, x.rank < 2 ? squares : along(-1));
			const columns = x.rank < 2 ? slots.columns : moved(slots.columns, along(-2));
			const v =
				x.rank < 2
					? rows
					: div(matmul(rows, columns), maximum(mean(rows, -2, { keepDims: true }), smallest));
			const step = div(g, sqrt(maximum(v, smallest ** 2)));
			const size = maximum(div(rootMeanSquare(step), clip), 1);
			const scale = maximum(rootMeanSquare(x), leastScale);
			return [mul(step, div(scale, size)), { rows, columns }];
		},
	});
}

function rootMeanSquare(x: Tensor): Tensor {
	return sqrt(mean(square(x)));
}
