import { sizeOf } from "../core/shape.ts";
import { uniformNumber } from "./builder.ts";
import { type Instruction, instructionsOf, type Program, type Value } from "./program.ts";
import type { RewriteRule, Surroundings } from "./rules.ts";
import { isLike, type Monomial, type MultiplyingOut, TermReader } from "./sum-of-products.ts";
import { Writer } from "./write-terms.ts";

/** A dear value is given up where that saves so many ops, or half of them. */
const MUCH = 2;

/** Sums and products are collected, and multiplied out where that makes them shorter. */
export function collecting(state: Surroundings): RewriteRule {
	const { builder, free, dear, maker } = state;
	const divisors = divisorsOf(state.program);
	const reader = (multiplyingOut: MultiplyingOut) => {
		const isOpen = (value: Instruction) =>
			multiplyingOut !== "none" || !(free.has(value) || dear.has(value));
		return new TermReader(multiplyingOut, isOpen, maker.apply, (terms, { type }) =>
			new Writer(builder, type, []).sum(terms),
		);
	};
	const products = new Map<Value, Monomial | null>();
	const [asItIs, toCancel, fully] = [reader("none"), reader("to cancel"), reader("fully")];
	return {
		name: "sums and products are collected",
		rewrite: (value) => {
			for (const kept of state.kept) {
				if (products.has(kept)) continue;
				const terms = toCancel.terms(kept);
				products.set(kept, terms.length === 1 ? terms[0]! : null);
			}
			const { algebra, linear } = value.op.traits ?? {};
			if (algebra === undefined && !linear) return null;
			// Fractions are written once the shortest form is known, since a division counts as an op.
			const plain = new Writer(builder, value.type, []);
			const readings = [asItIs.terms(value), toCancel.terms(value)];
			readings.push(fully.terms(plain.sum(readings[1]!)), fully.terms(value));
			const known = readings.map((terms) => terms.map((term) => recognized(term, products)));
			const own = cost(value, free);
			const isWorth = (after: Value, ops: number) =>
				2 * ops <= own || ops + MUCH <= own || keepsDear(value, after, state);
			let shortest: readonly Monomial[] | null = null;
			let least = [own, mentions(known[0]!)] as const;
			for (const [i, terms] of known.entries()) {
				const after = plain.sum(terms);
				const needed = [cost(after, free), mentions(terms)] as const;
				const [ops, names] = [needed[0] - least[0], needed[1] - least[1]];
				// Of what takes as many ops, the one with fewer names reads better, and sums and products
				// better collected.
				const isBetter = ops < 0 || (ops === 0 && (names < 0 || (i === 0 && !linear)));
				if (isBetter && isWorth(after, needed[0])) [shortest, least] = [terms, needed];
			}
			return shortest === null ? value : new Writer(builder, value.type, divisors).sum(shortest);
		},
	};
}

/** A term whose factors are those of a product that is there already, as a multiple of that. */
function recognized(term: Monomial, products: ReadonlyMap<Value, Monomial | null>): Monomial {
	if (term.factors.size < 2) return term;
	for (const [value, product] of products) {
		if (product === null || !isLike(product, term)) continue;
		const coefficient = term.coefficient / product.coefficient;
		return { ...term, coefficient, factors: new Map([[value, 1]]) };
	}
	return term;
}

/** Whether a form of a value is made from all the dear values that it was made from. */
function keepsDear(value: Value, after: Value, { free, dear }: Surroundings): boolean {
	const there = new Set(instructionsOf([after], free));
	return instructionsOf([value], free).every(
		(step) => step === value || !dear.has(step) || there.has(step),
	);
}

/** How often a sum of products mentions a value. */
function mentions(terms: readonly Monomial[]): number {
	const powers = terms.flatMap(({ factors }) => [...factors.values()]);
	return powers.reduce((total, power) => total + Math.abs(power), 0);
}

/**
 * How many ops have to be added for the value. Views cost nothing, and neither does 1/x, which is
 * part of a division.
 */
function cost(value: Value, free: ReadonlySet<Value>): number {
	const isFree = ({ op: { traits } }: Instruction) =>
		traits?.view || (traits?.algebra?.powers?.length === 1 && traits.algebra.powers[0] === -1);
	return instructionsOf([value], free).filter((step) => !isFree(step)).length;
}

/**
 * Numbers by which the program may divide: those written in it, and how many elements become one.
 */
function divisorsOf({ instructions }: Program): number[] {
	const found = new Set<number>();
	for (const { inputs, type } of instructions) {
		for (const input of inputs) {
			const number = uniformNumber(input);
			// A product of matrices adds up too, and has no mean.
			const ratio = inputs.length === 1 ? sizeOf(input.type.shape) / sizeOf(type.shape) : 1;
			if (number !== null && number > 1) found.add(number);
			else if (Number.isInteger(ratio) && ratio > 1) found.add(ratio);
		}
	}
	return [...found];
}
