import { isFloat } from "../core/dtype.ts";
import { evaluate, type Op, type TensorType } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Builder, uniformNumber } from "./builder.ts";
import { constantOf, type Instruction, type Program, type Value } from "./program.ts";

/** Makes values for rules, themselves rewritten. */
export interface Maker {
	readonly apply: (op: Op, inputs: readonly Value[], params: Data) => Value;
	readonly number: Builder["number"];
}

/**
 * A law by which an instruction may be replaced by an equal value; null where it does not apply.
 */
export interface RewriteRule {
	readonly name: string;
	readonly rewrite: (value: Instruction, maker: Maker) => Value | null;
}

/** What is there beside the value that is looked at. */
export interface Surroundings {
	/** The program as it was before. */
	readonly program: Program;
	readonly builder: Builder;
	/** Values that are there in any case, so that using them costs nothing. */
	readonly free: Set<Value>;
	/** Those of them that stay as they are. */
	readonly kept: Set<Value>;
	/** Values that are only given up where that saves much. */
	readonly dear: Set<Value>;
	/** Values that are there for the sake of the one that is collected, and would go with it. */
	readonly owned: Set<Value>;
	readonly maker: Maker;
}

/** Laws beside those that hold exactly. */
export interface FurtherRules {
	/** Tried as the exact ones are, each again and again. */
	readonly laws: readonly RewriteRule[];
	/** Tried once on each value, when no other law applies to it any more. */
	readonly collect: RewriteRule;
}

/** In more parts it is not looked for what is taken: all of them may be, one after the other. */
const MOST_PARTS = 64;

/** Laws that hold exactly, rounding included. */
export const exactRules: readonly RewriteRule[] = [
	{
		name: "an op that changes nothing is left out",
		rewrite: ({ op, inputs, params }) =>
			op.traits?.idle?.(inputs[0]!.type, params) ? inputs[0]! : null,
	},
	{
		name: "two in a row are one",
		rewrite: ({ op, inputs, params }, maker) => {
			const [x] = inputs;
			if (x?.kind !== "instruction" || x.op !== op || op.traits?.fuse === undefined) return null;
			return maker.apply(op, x.inputs, op.traits.fuse(x.params, params));
		},
	},
	{
		name: "of what was put among zeros, what was put there or zeros are taken",
		rewrite: ({ op, inputs, params, type }, maker) => {
			const [x] = inputs;
			const { takes } = op.traits ?? {};
			if (takes === undefined || x?.kind !== "instruction") return null;
			const shapes = x.inputs.map((part) => part.type.shape);
			const places = x.op.traits?.places?.(x.params, shapes) ?? null;
			if (places === null || places.length > MOST_PARTS) return null;
			const taken = places.map((place) => takes(params, place));
			const [from, ...others] = taken.flatMap((each, i) => (each === "none" ? [] : [i]));
			if (from === undefined) return maker.number(0, type);
			const part = x.inputs[from]!;
			if (others.length > 0 || taken[from] === null || part.type.dtype !== type.dtype) return null;
			return taken[from] === "whole" ? part : maker.apply(op, [part], taken[from]);
		},
	},
	{
		name: "what is known is computed",
		rewrite: ({ op, inputs, params, type }, maker) => {
			if (!inputs.every((x) => x.kind === "constant")) return null;
			const { elementwise, stretch, view } = op.traits ?? {};
			const numbers = inputs.map(uniformNumber);
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
	// −0 + 0 is 0, but −0 − 0 is −0.
	neutral("subtracting 0 and multiplying by 1 change nothing", ({ dtype }, term) =>
		isFloat(dtype) ? Object.is(term, -0) : term === 0,
	),
];

/**
 * What is added, or subtracted, where `isNothing` says so of that term, and what is multiplied by 1
 * are left out.
 */
export function neutral(
	name: string,
	isNothing: (type: TensorType, term: number) => boolean,
): RewriteRule {
	const rewrite: RewriteRule["rewrite"] = ({ op, inputs, type }) => {
		const { coefficients, powers } = op.traits?.algebra ?? {};
		const weights = coefficients ?? powers;
		if (weights === undefined) return null;
		const rest = inputs.flatMap((x, i) => {
			const number = uniformNumber(x);
			if (number === null) return [i];
			const isLeftOut =
				coefficients === undefined ? number === 1 : isNothing(type, coefficients[i]! * number);
			return isLeftOut ? [] : [i];
		});
		const [only] = rest;
		if (only === undefined || rest.length > 1 || weights[only] !== 1) return null;
		const x = inputs[only]!;
		return x.type.dtype === type.dtype ? x : null;
	};
	return { name, rewrite };
}

function evaluated(op: Instruction["op"], inputs: readonly Tensor[], params: Data): Tensor {
	return evaluate(op, inputs, params, op.infer(inputs, params));
}
