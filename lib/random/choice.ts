import * as kind from "../core/argument-kinds.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { apply } from "../core/op.ts";
import { checkOptions } from "../core/options.ts";
import { checkShape, type Shape, sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { log } from "../ops/exponential.ts";
import { take } from "../ops/indexing.ts";
import { slice } from "../ops/slicing.ts";
import { reshape } from "../structure/layout.ts";
import { checkKey, showGiven, tuple } from "./arguments.ts";
import { categorical, permutation, randint } from "./discrete.ts";
import { type DrawParams, randomOp } from "./draws.ts";
import { portableLog } from "./normal-quantile.ts";
import { openUniform } from "./threefry.ts";

/** Options of `choice`. */
export interface ChoiceOptions {
	/** Whether one may be chosen again; left out: yes. */
	readonly replace?: boolean;
	/** How likely each is, a vector; left out: all alike. */
	readonly p?: Tensor;
	/** The axis whose parts are chosen; left out: the first. */
	readonly axis?: number;
}

/**
 * Of a number n: numbers from 0 to n − 1, int32. Of a tensor: its parts along an axis, whose place
 * `shape` takes; differentiable by the tensor, not by `p`. Without replacement and with `p`
 * they are drawn one after the other, each with the probabilities of what is left, by the greatest
 * log p after noise of a Gumbel distribution has been added.
 * @throws DomainError when more are asked for without replacement than there are, or p has
 * something negative or NaN
 * @throws ShapeError when p does not have a probability for each
 */
export function choice(
	key: Tensor,
	x: Tensor | number,
	shape: Shape = [],
	options?: ChoiceOptions,
): Tensor {
	checkKey("choice", key);
	checkShape("choice", shape);
	const kinds = { replace: kind.flag, p: kind.structure, axis: kind.number };
	const { replace = true, p, axis = 0 } = checkOptions("choice", options, kinds);
	const isTensor = x instanceof Tensor;
	const n = isTensor ? x.shape.at(axis) : x;
	if (n === undefined || !Number.isInteger(n) || n < 1) {
		throw new ShapeError(
			`choice: expected a number from 1 or a tensor with parts along axis ${axis}, got ${showGiven(x)}`,
		);
	}
	const count = sizeOf(shape);
	if (!replace && count > n) {
		throw new DomainError(
			`choice: expected at most ${n} without replacement, got ${count}; { replace: true } may choose one again`,
		);
	}
	if (p !== undefined && (p.rank !== 1 || p.shape[0] !== n)) {
		throw new ShapeError(`choice: expected a vector of ${n} probabilities, got ${showGiven(p)}`);
	}
	const chosen = reshape(indices(key, n, count, replace, p), shape);
	return isTensor ? take(x, chosen, axis) : chosen;
}

/** So many of the numbers below n. */
function indices(
	key: Tensor,
	n: number,
	count: number,
	replace: boolean,
	p: Tensor | undefined,
): Tensor {
	if (replace && p === undefined) return randint(key, [count], 0, n);
	if (p === undefined) return slice(permutation(key, n), [0, count]);
	if (replace) return categorical(key, log(p), { shape: [count] });
	return apply(drawOrder, [key, p], { shape: [count] });
}

/** Numbers of the parts with these probabilities, one after the other, none of them twice. */
const drawOrder = randomOp<"choice", DrawParams>({
	name: "choice",
	dtype: () => "int32",
	fill: (out, key0, key1, _, [p]) => {
		const scores = Array.from(p!, (chance, i) => {
			if (!(chance >= 0 && chance < Number.POSITIVE_INFINITY)) {
				throw new DomainError(`choice: expected finite probabilities from 0, got ${chance}`);
			}
			const noise = -portableLog(-portableLog(openUniform(key0, key1, i)));
			return chance === 0 ? Number.NEGATIVE_INFINITY : portableLog(chance) + noise;
		});
		const possible = scores.flatMap((score, i) => (score === Number.NEGATIVE_INFINITY ? [] : [i]));
		if (possible.length < out.length) {
			throw new DomainError(
				`choice: expected at most ${possible.length} without replacement, for which p is above 0, got ${out.length}`,
			);
		}
		out.set(possible.sort((i, j) => scores[j]! - scores[i]!).slice(0, out.length));
	},
	print: (rng, { shape }, [p]) =>
		`${rng}.choice(${p}.size, ${tuple(shape)}, replace=False, p=${p})`,
	jax: (key, { shape }, [p]) => `choice(${key}, ${p}, ${tuple(shape)})`,
	sample: (draw) => {
		const n = draw.integer(1, 5);
		return { params: { shape: [n] }, rest: [draw.tensor([n], { min: 0.1, max: 1 })] };
	},
});
