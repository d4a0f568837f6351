import type { Op } from "../core/op.ts";
import type { Value } from "./program.ts";

// Terms found by their factors, so that a long program is not searched for each of its values.

/** A multiple of a product of powers of values. */
export interface Monomial {
	readonly coefficient: number;
	/** In the order in which they are multiplied. */
	readonly factors: ReadonlyMap<Value, number>;
	/**
	 * The op of a product that is 0 where its first factor is, if one was among them and makes a
	 * difference.
	 */
	readonly absorbing: Op | null;
}

/** These powers as factors: those of one value, which may come about in several ways, add up. */
export function factorsIn(powers: Iterable<readonly [Value, number]>): Map<Value, number> {
	const factors = new Map<Value, number>();
	for (const [value, power] of powers) {
		const sum = (factors.get(value) ?? 0) + power;
		if (sum === 0) factors.delete(value);
		else factors.set(value, sum);
	}
	return factors;
}

const numbers = new WeakMap<Value, number>();
let count = 0;

function numberOf(value: Value): number {
	let number = numbers.get(value);
	if (number === undefined) {
		number = count++;
		numbers.set(value, number);
	}
	return number;
}

/** The same text for terms that differ in their coefficients alone, and for no others. */
export function factorsKey({ factors }: Monomial): string {
	return [...factors]
		.map(([x, p]) => `${numberOf(x)}^${p}`)
		.sort()
		.join();
}

/** The same text for sums of the same terms, in whichever order. */
export function termsKey(terms: readonly Monomial[]): string {
	return terms
		.map((term) => `${term.coefficient}*${factorsKey(term)}`)
		.sort()
		.join("+");
}

/** Whether two sums are written alike: of the same terms and factors in the same order. */
export function isSameForm(terms: readonly Monomial[], others: readonly Monomial[]): boolean {
	if (terms === others) return true;
	return terms.length === others.length && terms.every((term, i) => isSameTerm(term, others[i]!));
}

function isSameTerm(term: Monomial, other: Monomial): boolean {
	if (term.coefficient !== other.coefficient || term.absorbing !== other.absorbing) return false;
	if (term.factors.size !== other.factors.size) return false;
	const factors = other.factors.entries();
	for (const [x, p] of term.factors) {
		const [y, q] = factors.next().value!;
		if (x !== y || p !== q) return false;
	}
	return true;
}

/** A term, and the value that it is. */
export interface KnownTerm {
	readonly value: Value;
	readonly term: Monomial;
}

/** Values that are one term each, for the question which of them may be part of another term. */
export class KnownTerms {
	private readonly byFactor = new Map<Value, (KnownTerm & { place: number })[]>();
	private size = 0;

	/** Each is found by one of its factors, the one by which the fewest are found yet. */
	add(value: Value, term: Monomial): void {
		const known = { value, term, place: this.size++ };
		const places = [...term.factors.keys()].map((x) => [x, this.byFactor.get(x) ?? []] as const);
		const [x, fewest] = places.reduce((a, b) => (b[1].length < a[1].length ? b : a));
		fewest.push(known);
		this.byFactor.set(x, fewest);
	}

	/** Those that a term may have all factors of, in the order in which they were added. */
	partsOf({ factors }: Monomial): readonly KnownTerm[] {
		const found = [...factors.keys()].flatMap((x) => this.byFactor.get(x) ?? []);
		return found.sort((a, b) => a.place - b.place);
	}
}
