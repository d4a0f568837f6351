import { isFloat } from "../dtype.ts";
import type { Op } from "../op.ts";
import { sub } from "../ops/arithmetic.ts";
import type { Tensor } from "../tensor.ts";
import { type Builder, uniform } from "./builder.ts";
import { constantOf, type Instruction, type Value } from "./program.ts";

/** Makes values for rules, themselves rewritten. */
export interface Maker {
	readonly apply: (op: Op, inputs: readonly Value[], params: unknown) => Value;
	readonly number: Builder["number"];
}

/** A law by which an instruction may be replaced by an equal value; null where it does not apply. */
export interface Rule {
	readonly name: string;
	readonly rewrite: (value: Instruction, maker: Maker) => Value | null;
}

/** Laws that hold exactly, rounding included. */
export const exactRules: readonly Rule[] = [
	{
		name: "an op that changes nothing is left out",
		rewrite: ({ op, inputs, params }) =>
			op.facts?.idle?.(inputs[0]!.type, params) ? inputs[0]! : null,
	},
	{
		name: "two in a row are one",
		rewrite: ({ op, inputs, params }, maker) => {
			const [x] = inputs;
			if (x?.kind !== "instruction" || x.op !== op || op.facts?.fuse === undefined) return null;
			return maker.apply(op, x.inputs, op.facts.fuse(x.params, params));
		},
	},
	{
		name: "what is known is computed",
		rewrite: ({ op, inputs, params, type }, maker) => {
			if (!inputs.every((x) => x.kind === "constant")) return null;
			const { elementwise, stretch, view } = op.facts ?? {};
			const numbers = inputs.map(uniform);
			// A view of a tensor that is stored says more than another tensor.
			if (view && numbers[0] === null) return null;
			const small = (elementwise || stretch) && numbers.every((x) => x !== null);
			const given = inputs.map((x, i) =>
				small ? maker.number(numbers[i]!, { ...x.type, shape: [] }).tensor : x.tensor,
			);
			if (!small) return constantOf(evaluated(op, given, params));
			if (stretch) return maker.number(numbers[0]!, type);
			return maker.number(evaluated(op, given, params).item() as number, type);
		},
	},
	{
		name: "adding 0 and multiplying by 1 change nothing",
		rewrite: ({ op, inputs, type }) => {
			const { coefficients, powers } = op.facts?.algebra ?? {};
			const weights = coefficients ?? powers;
			if (weights === undefined) return null;
			const rest = inputs.flatMap((x, i) =>
				uniform(x) === (coefficients === undefined ? 1 : 0) ? [] : [i],
			);
			const [only] = rest;
			if (only === undefined || rest.length > 1 || weights[only] !== 1) return null;
			const x = inputs[only]!;
			return x.type.dtype === type.dtype ? x : null;
		},
	},
];

/** The axes along which a value adds up to 1, where that is known of it. */
export type Distributions = (value: Value) => readonly number[] | null;

/**
 * Laws of real numbers, which rounding obeys nearly.
 * @param isShared whether a value is needed in any case, so that a form of it would be computed besides
 */
export function realRules(
	distributions: Distributions,
	isShared: (value: Value) => boolean,
): readonly Rule[] {
	return [
		{
			name: "f(−x) is f(x), −f(x) or 1 − f(x)",
			rewrite: ({ op, inputs: [x], params, type }, maker) => {
				const { mirror } = op.facts ?? {};
				if (mirror === undefined || x?.kind !== "instruction") return null;
				const [weight, ...others] = x.op.facts?.algebra?.coefficients ?? [];
				if (weight !== -1 || others.length > 0) return null;
				const value = maker.apply(op, x.inputs, params);
				if (mirror === "even") return value;
				if (mirror === "odd") return maker.apply(x.op, [value], x.params);
				return maker.apply(sub.op, [maker.number(1, type), value], null);
			},
		},
		{
			name: "probabilities add up to 1",
			rewrite: ({ op, inputs: [x], params, type }, maker) => {
				const axes = op.facts?.totals?.(params);
				const along = x === undefined ? null : distributions(x);
				if (axes === undefined || along === null || !isFloat(type.dtype)) return null;
				const same = axes.length === along.length && axes.every((axis) => along.includes(axis));
				return same ? maker.number(1, type) : null;
			},
		},
		{
			name: "what is scattered adds up to what it was",
			rewrite: ({ op, inputs: [x], params }, maker) => {
				const axes = op.facts?.totals?.(params);
				if (axes === undefined || x?.kind !== "instruction") return null;
				const axis = x.op.facts?.scatters?.(x.params);
				if (axis === undefined || !axes.includes(axis)) return null;
				return maker.apply(op, [x.inputs[0]!], params);
			},
		},
		{
			name: "(x·w)ᵀ is wᵀ·xᵀ",
			rewrite: ({ op, inputs: [product], params }, maker) => {
				if (!op.facts?.reverses?.(params) || product?.kind !== "instruction") return null;
				const { op: times, inputs } = product;
				const isOfMatrices = inputs.every(({ type }) => type.shape.length === 2);
				if (!times.facts?.multipliesMatrices || !isOfMatrices || isShared(product)) return null;
				const flipped = inputs.map((x) => maker.apply(op, [x], params));
				// No use where it only moves the transposes around.
				const isTransposed = (x: Value) =>
					x.kind === "instruction" && (x.op.facts?.reverses?.(x.params) ?? false);
				if (flipped.every(isTransposed)) return null;
				return maker.apply(times, flipped.toReversed(), product.params);
			},
		},
	];
}

function evaluated(op: Instruction["op"], inputs: readonly Tensor[], params: unknown): Tensor {
	return op.evaluate(inputs, params, op.infer(inputs, params));
}
