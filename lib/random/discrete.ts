import * as kind from "../core/argument-kinds.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkOptions } from "../core/options.ts";
import { checkShape, normalizeAxis, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { take } from "../ops/indexing.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { permute } from "../structure/layout.ts";
import { checkFits, checkKey, showGiven, tuple } from "./arguments.ts";
import { type DrawParams, randomOp } from "./draws.ts";
import { portableLog } from "./normal-quantile.ts";
import { openUniform, uniform53 } from "./threefry.ts";

/**
 * A bool tensor that is true with probability p at each element. `p` broadcasts to the shape; left
 * out, the shape is that of p. Constant: no gradient.
 * @throws DomainError when p is not from 0 to 1
 * @throws ShapeError when p does not broadcast to the shape
 */
export const bernoulli: OpFunction<
	"bernoulli",
	(key: Tensor, p: Tensor | number, shape?: Shape) => Tensor
> = defineOp(
	randomOp<"bernoulli", DrawParams>({
		name: "bernoulli",
		lowering: "random chance",
		dtype: () => "bool",
		fill: (out, key0, key1, _, [p]) => {
			for (let i = 0; i < out.length; i++) {
				const chance = p![i]!;
				if (!(chance >= 0 && chance <= 1)) {
					throw new DomainError(`bernoulli: expected a probability from 0 to 1, got ${chance}`);
				}
				out[i] = uniform53(key0, key1, i) < chance ? 1 : 0;
			}
		},
		print: (rng, { shape }, [p]) => `${rng}.random(${tuple(shape)}) < ${p}`,
		jax: (key, { shape }, [p]) => `uniform(${key}, ${tuple(shape)}, "float64") < ${p}`,
		sample: (draw) => {
			const shape = draw.shape();
			return { params: { shape }, rest: [draw.tensor(shape, { min: 0, max: 1 })] };
		},
	}),
	(key: Tensor, p: Tensor | number, shape?: Shape): Tensor => {
		const chance = asTensor("bernoulli", p);
		if (shape !== undefined) checkShape("bernoulli", shape);
		const full = [...(shape ?? chance.shape)];
		checkFits("bernoulli", "p", chance.shape, full);
		const inputs = [checkKey("bernoulli", key), broadcastTo(chance, full)];
		return apply(bernoulli.op, inputs, { shape: full });
	},
);

/**
 * Whole numbers from `low` to `high` − 1, each as likely, int32. (They are picked by 53 random
 * bits: with a range of 2³² a number is up to 2⁻²⁰ of its probability off, with a small range far
 * less.)
 * @throws DomainError when there is no number in the range, or it reaches beyond int32
 */
export const randint: OpFunction<
	"randint",
	(key: Tensor, shape: Shape, low: number, high: number) => Tensor
> = defineOp(
	randomOp<"randint", DrawParams & { low: number; high: number }>({
		name: "randint",
		lowering: "random whole number",
		dtype: () => "int32",
		fill: (out, key0, key1, { low, high }) => {
			const range = high - low;
			for (let i = 0; i < out.length; i++) {
				out[i] = low + Math.floor(uniform53(key0, key1, i) * range);
			}
		},
		print: (rng, { shape, low, high }) => `${rng}.integers(${low}, ${high}, ${tuple(shape)})`,
		jax: (key, { shape, low, high }) => `randint(${key}, ${tuple(shape)}, ${low}, ${high})`,
		sample: (draw) => {
			const low = draw.integer(-9, 9);
			return { params: { shape: draw.shape(), low, high: low + draw.integer(1, 9) } };
		},
	}),
	(key: Tensor, shape: Shape, low: number, high: number): Tensor => {
		const whole = Number.isInteger(low) && Number.isInteger(high);
		if (!whole || low >= high || low < -(2 ** 31) || high > 2 ** 31) {
			throw new DomainError(
				`randint: expected whole numbers low < high from -2**31 to 2**31, got ${low} and ${high}`,
			);
		}
		checkShape("randint", shape);
		return apply(randint.op, [checkKey("randint", key)], { shape: [...shape], low, high });
	},
);

/**
 * Of a number n: the numbers 0 to n − 1 in random order, int32. Of a tensor: its parts along the
 * first axis in random order, differentiable. Every order is as likely (to about n·2⁻⁵³).
 * @throws ShapeError when n is not a whole number from 0, or the tensor is a scalar
 */
export const permutation: OpFunction<"permutation", (key: Tensor, x: Tensor | number) => Tensor> =
	defineOp(
		randomOp<"permutation", DrawParams>({
			name: "permutation",
			dtype: () => "int32",
			fill: (out, key0, key1) => {
				for (let i = 0; i < out.length; i++) out[i] = i;
				// Fisher and Yates: each place, from the last, takes one of what is left.
				for (let i = out.length - 1; i > 0; i--) {
					const j = Math.floor(uniform53(key0, key1, i) * (i + 1));
					const last = out[i]!;
					out[i] = out[j]!;
					out[j] = last;
				}
			},
			print: (rng, { shape }) => `${rng}.permutation(${shape[0]})`,
			jax: (key, { shape }) => `permutation(${key}, ${tuple(shape)})`,
			sample: (draw) => ({ params: { shape: [draw.integer(0, 9)] } }),
		}),
		(key: Tensor, x: Tensor | number): Tensor => {
			if (typeof x === "number") {
				checkShape("permutation", [x]);
				return apply(permutation.op, [checkKey("permutation", key)], { shape: [x] });
			}
			const values = asTensor("permutation", x);
			if (values.rank === 0) {
				throw new ShapeError(
					"permutation: expected a number or a tensor of rank 1 or more, got a scalar",
				);
			}
			return take(values, permutation(key, values.shape[0]!), 0);
		},
	);

/** Options of `categorical`. */
export interface CategoricalOptions {
	/** The axis of the classes; left out: the last. */
	readonly axis?: number;
	/**
	 * The shape of the result, to which that of the logits without the axis broadcasts; left out: the
	 * same.
	 */
	readonly shape?: Shape;
}

/**
 * The number of a class, int32, drawn with probabilities softmax(logits) along an axis: the
 * position of the greatest logit after noise of a Gumbel distribution has been added to each (the
 * Gumbel-max trick). A logit of −∞ is a class that never comes. Constant: no gradient.
 * @throws DomainError for logits that are NaN or +∞, or all −∞
 * @throws ShapeError when there are no classes, or the logits do not broadcast to the shape
 */
export const categorical: OpFunction<
	"categorical",
	(key: Tensor, logits: Tensor, options?: CategoricalOptions) => Tensor
> = defineOp(
	randomOp<"categorical", DrawParams>({
		name: "categorical",
		dtype: () => "int32",
		fill: (out, key0, key1, _, [logits]) => {
			const classes = out.length === 0 ? 0 : logits!.length / out.length;
			for (let i = 0, at = 0; i < out.length; i++) {
				let most = Number.NEGATIVE_INFINITY;
				for (let j = 0; j < classes; j++, at++) {
					const logit = logits![at]!;
					if (!(logit < Number.POSITIVE_INFINITY)) {
						throw new DomainError(`categorical: expected logits below infinity, got ${logit}`);
					}
					const noisy = logit - portableLog(-portableLog(openUniform(key0, key1, at)));
					if (noisy > most) {
						most = noisy;
						out[i] = j;
					}
				}
				if (most === Number.NEGATIVE_INFINITY) {
					throw new DomainError("categorical: expected a finite logit among the classes, got none");
				}
			}
		},
		print: (rng, { shape }, [logits]) =>
			`np.argmax(${logits} + ${rng}.gumbel(size=${tuple(shape)} + (-1,)), axis=-1)`,
		jax: (key, _, [logits]) => `categorical(${key}, ${logits})`,
		sample: (draw) => {
			const shape = draw.shape({ maxRank: 3 });
			return { params: { shape }, rest: [draw.tensor([...shape, draw.integer(1, 4)])] };
		},
	}),
	(key: Tensor, logits: Tensor, options?: CategoricalOptions): Tensor => {
		const kinds = { axis: kind.number, shape: kind.structure };
		const { axis = -1, shape } = checkOptions("categorical", options, kinds);
		const x = asTensor("categorical", logits);
		const along = normalizeAxis("categorical", axis, x.rank);
		const classes = x.shape[along]!;
		if (classes === 0) {
			throw new ShapeError(`categorical: expected classes to choose from, got ${showGiven(x)}`);
		}
		const others = x.shape.map((_, i) => i).filter((i) => i !== along);
		const last = permute(x, [...others, along]);
		const full = [...(shape ?? last.shape.slice(0, -1))];
		checkFits("categorical", "logits without the axis", last.shape.slice(0, -1), full);
		const inputs = [checkKey("categorical", key), broadcastTo(last, [...full, classes])];
		return apply(categorical.op, inputs, { shape: full });
	},
);
