import { type DType, isFloat } from "../core/dtype.ts";
import type { Value } from "./program.ts";
import type { RewriteRule, Surroundings } from "./rules.ts";
import { TermReader } from "./sum-of-products.ts";
import { Writer } from "./write-terms.ts";

/** The axes along which a value adds up to 1, where that is known of it. */
export type Distributions = (value: Value) => readonly number[] | null;

/**
 * Sums over axes that are one number whatever the arguments are: probabilities add up to 1, what
 * is measured from its mean to 0, and of (1 − ε)·p + ε/n the sum is that of p. They are found by
 * adding up each term.
 */
export function knownSums(
	{ builder, maker }: Pick<Surroundings, "builder" | "maker">,
	distributions: Distributions,
): readonly RewriteRule[] {
	const reader = new TermReader(
		{ multiplyingOut: "fully", addsUp: true, isOpen: () => true },
		maker.apply,
		(terms, { type }) => new Writer(builder, type, []).sum(terms),
	);
	return [
		{
			name: "probabilities add up to 1",
			rewrite: ({ op, inputs: [x], params, type }) => {
				const axes = op.traits?.totals?.(params);
				const along = x === undefined ? null : distributions(x);
				if (axes === undefined || along === null || !isFloat(type.dtype)) return null;
				const same = axes.length === along.length && axes.every((axis) => along.includes(axis));
				return same ? maker.number(1, type) : null;
			},
		},
		{
			name: "a sum whose terms are known, or cancel, is a number",
			rewrite: (value) => {
				if (value.op.traits?.totals === undefined || !isFloat(value.type.dtype)) return null;
				const [term, ...more] = reader.terms(value);
				if (more.length > 0 || (term !== undefined && term.factors.size > 0)) return null;
				return maker.number(withoutRounding(term?.coefficient ?? 0, value.type.dtype), value.type);
			},
		},
	];
}

/** The whole number that it is but for rounding, or itself. */
function withoutRounding(x: number, dtype: DType): number {
	const whole = Math.round(x);
	const rounding = dtype === "float64" ? 1e-13 : 1e-6;
	return Math.abs(x - whole) <= rounding * Math.abs(whole) ? whole : x;
}
