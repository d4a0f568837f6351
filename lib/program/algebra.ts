import { sub } from "../ops/arithmetic.ts";
import { collecting } from "./collect.ts";
import { expressed } from "./inline.ts";
import { knownSums } from "./known-sums.ts";
import { isLifted, withoutAxesInFront } from "./means.ts";
import { plainProducts, writtenProducts } from "./product-laws.ts";
import type { Value } from "./program.ts";
import { type FurtherRules, neutral, type RewriteRule, type Surroundings } from "./rules.ts";
import { sumOfSums } from "./sums-of-sums.ts";
import { underMasks } from "./under-masks.ts";

/**
 * The laws of real numbers, which rounding obeys only nearly, and which leave a 0/0 out where it
 * cancels.
 * @param distributions inputs that add up to 1 along axes
 * @param isRegular whether matrices have inverses
 */
export function realNumbers(
	distributions: ReadonlyMap<Value, readonly number[]> = new Map(),
	isRegular = true,
): (surroundings: Surroundings) => FurtherRules {
	const along = (value: Value) => {
		if (value.kind !== "instruction") return distributions.get(value) ?? null;
		return value.op.traits?.distribution?.(value.params, value.type.shape) ?? null;
	};
	return (state) => ({
		laws: [
			...laws(knownSums(state, along), (value) => state.free.has(value)),
			...plainProducts(state),
			...writtenProducts(state),
			...(isRegular ? [byInverse] : []),
		],
		collect: collecting(state),
	});
}

/**
 * @param sums laws of what sums over axes are known to be
 * @param isShared whether a value is needed in any case, so that a form of it would be computed
 * besides
 */
function laws(
	sums: readonly RewriteRule[],
	isShared: (value: Value) => boolean,
): readonly RewriteRule[] {
	return [
		neutral("adding 0 changes nothing", (_, term) => term === 0),
		sumOfSums,
		{
			name: "what is computed with care is written as in a textbook",
			rewrite: ({ op, inputs, params }, maker) => {
				const { textbook } = op.traits ?? {};
				if (textbook === undefined) return null;
				return expressed(inputs, maker, (xs) => textbook(xs, params));
			},
		},
		{
			name: "f(−x) is f(x), −f(x) or 1 − f(x)",
			rewrite: ({ op, inputs: [x], params, type }, maker) => {
				const { mirror } = op.traits ?? {};
				if (mirror === undefined || x?.kind !== "instruction") return null;
				const [weight, ...others] = x.op.traits?.algebra?.coefficients ?? [];
				if (weight !== -1 || others.length > 0) return null;
				const value = maker.apply(op, x.inputs, params);
				if (mirror === "even") return value;
				if (mirror === "odd") return maker.apply(x.op, [value], x.params);
				return maker.apply(sub.op, [maker.number(1, type), value], null);
			},
		},
		...sums,
		underMasks,
		{
			name: "what is scattered adds up to what it was",
			rewrite: ({ op, inputs: [x], params }, maker) => {
				const axes = op.traits?.totals?.(params);
				if (axes === undefined || x?.kind !== "instruction") return null;
				const axis = x.op.traits?.scatters?.(x.params);
				if (axis === undefined || !axes.includes(axis)) return null;
				return maker.apply(op, [x.inputs[0]!], params);
			},
		},
		{
			name: "broadcasting puts axes in front by itself",
			rewrite: ({ op, inputs: [x], params }, maker) => {
				if (!op.traits?.stretch || x?.kind !== "instruction") return null;
				if (isLifted(x)) return maker.apply(op, x.inputs, params);
				const less = isShared(x) ? null : withoutAxesInFront(x, maker.apply);
				return less === null ? null : maker.apply(op, [less], params);
			},
		},
		{
			name: "(x·w)ᵀ is wᵀ·xᵀ",
			rewrite: ({ op, inputs: [product], params }, maker) => {
				if (!op.traits?.reverses?.(params) || product?.kind !== "instruction") return null;
				const { op: times, inputs } = product;
				const isOfMatrices = inputs.every(({ type }) => type.shape.length === 2);
				if (!times.traits?.multipliesMatrices || !isOfMatrices || isShared(product)) return null;
				const flipped = inputs.map((x) => maker.apply(op, [x], params));
				// No use where it only moves the transposes around.
				const isTransposed = (x: Value) =>
					x.kind === "instruction" && (x.op.traits?.reverses?.(x.params) ?? false);
				if (flipped.every(isTransposed)) return null;
				return maker.apply(times, flipped.toReversed(), product.params);
			},
		},
	];
}

const byInverse: RewriteRule = {
	name: "where a matrix has an inverse, its adjugate is made of that",
	rewrite: ({ op, inputs, params }, maker) => {
		const { regular } = op.traits ?? {};
		return regular === undefined ? null : expressed(inputs, maker, (xs) => regular(xs, params));
	},
};
