import { sizeOf } from "../core/shape.ts";
import { uniformNumber } from "./builder.ts";
import { inChoices } from "./choices.ts";
import {
	factorsKey,
	isSameForm,
	type KnownTerm,
	KnownTerms,
	type Monomial,
} from "./known-terms.ts";
import { instructionsOf, type Program, type Value } from "./program.ts";
import type { RewriteRule, Surroundings } from "./rules.ts";
import {
	collected,
	factor,
	overTerm,
	TermReader,
	type TermReading,
	timesTerm,
} from "./sum-of-products.ts";
import { excludesZero, keeping } from "./under-masks.ts";
import { sharedBy, Writer } from "./write-terms.ts";

/** Sums and products are collected, and multiplied out where that makes them shorter. */
export function collecting(state: Surroundings): RewriteRule {
	const { builder, free, kept, dear, owned, maker } = state;
	const divisors = divisorsOf(state.program);
	const numbers = numbersIn(state.program);
	const reader = (reading: TermReading) =>
		new TermReader(reading, maker.apply, (terms, { type }) =>
			new Writer(builder, type, []).sum(terms),
		);
	const asItIs = reader({
		multiplyingOut: "none",
		isOpen: (value) => !(free.has(value) || dear.has(value)),
	});
	const toCancel = reader({ multiplyingOut: "to cancel", isOpen: () => true });
	const fully = reader({ multiplyingOut: "fully", isOpen: () => true });
	const inNames = reader({
		multiplyingOut: "fully",
		addsUp: true,
		isOpen: (value) => !(kept.has(value) || dear.has(value)),
	});
	const products = new Map<string, KnownTerm>();
	const quotients = new KnownTerms();
	// It only grows, and goes on where it was: the ones that are new are looked at.
	const newlyKept = state.kept.values();
	let looked = 0;
	// What is there for the value alone does not stay beside another form of it.
	const there = {
		has: (value: Value) => free.has(value) && !(owned.has(value) && isGivenUp(value)),
	};
	const isGivenUp = (value: Value) => !kept.has(value) && !dear.has(value);
	// What is divided by x is there only where x is not 0: there a mask that says so changes nothing.
	const unmasked = (term: Monomial): Monomial => {
		for (const [x, p] of term.absorbing === null ? term.factors : []) {
			const held = x.kind === "instruction" && p === 1 ? keeping(x) : null;
			if (held === null) continue;
			const divisors = [...term.factors].filter(([, q]) => q < 0);
			const [kept, ...more] = inNames.terms(held.kept, true);
			if (kept === undefined || more.length > 0) continue;
			if (!divisors.some(([y]) => excludesZero(held.mask, y))) continue;
			return unmasked(timesTerm(overTerm(term, factor(x)), kept));
		}
		return term;
	};
	// sign(x)/|x| is 1/x.
	const unsigned = (term: Monomial): Monomial => {
		for (const [unit, p] of term.factors) {
			if (unit.kind !== "instruction" || p !== 1) continue;
			const [op, x] = [unit.op.traits?.unitBy?.(), unit.inputs[0]!];
			const isSize = (y: Value) => y.kind === "instruction" && y.op === op && y.inputs[0] === x;
			const size = [...term.factors.keys()].find((y) => isSize(y) && term.factors.get(y)! < 0);
			const [own, ...more] = size === undefined ? [] : inNames.terms(x, true);
			if (own === undefined || more.length > 0) continue;
			const rest = overTerm(overTerm(term, factor(unit)), factor(size!, -1));
			return unsigned(timesTerm(rest, inverse(own)));
		}
		return term;
	};
	return {
		name: "sums and products are collected",
		rewrite: (value) => {
			for (; looked < state.kept.size; looked++) {
				const kept = newlyKept.next().value!;
				const [product, ...others] = toCancel.terms(kept);
				if (product !== undefined && others.length === 0) {
					const key = factorsKey(product);
					if (!products.has(key)) products.set(key, { value: kept, term: product });
				}
				const [own, ...more] = inNames.terms(kept);
				if (own !== undefined && more.length === 0 && isQuotient(own)) quotients.add(kept, own);
			}
			const { algebra, linear } = value.op.traits ?? {};
			if (algebra === undefined && !linear) return null;
			// Fractions are written once the shortest form is known, since a division counts as an op.
			const plain = new Writer(builder, value.type, []);
			const readings = [asItIs.terms(value), toCancel.terms(value)];
			readings.push(fully.terms(plain.sum(readings[1]!)), fully.terms(value));
			const known: (readonly Monomial[])[] = readings.map((terms) =>
				terms.map((term) => recognized(term, products)),
			);
			known.push(inQuotients(inNames.terms(value).map(unmasked).map(unsigned), quotients));
			const inChoice = inChoices(known[0]!, {
				read: (x) => asItIs.terms(x, true),
				write: (terms) => plain.sum(terms),
				make: ({ op, params }, inputs) => builder.apply(op, inputs, params),
			});
			if (inChoice !== known[0]) known.push(inChoice);
			let shortest: readonly Monomial[] | null = null;
			let least = [cost(value, there), mentions(known[0]!)] as const;
			for (const [i, terms] of known.entries()) {
				if (known.slice(0, i).some((other) => isSameForm(other, terms))) continue;
				const after = plain.sum(terms);
				const needed = [
					cost(after, there) + givenUp(value, after, state) / 2,
					mentions(terms),
				] as const;
				const [ops, names] = [needed[0] - least[0], needed[1] - least[1]];
				// Of what takes as many ops, the one with fewer names reads better, and sums and products
				// better collected.
				const isBetter = ops < 0 || (ops === 0 && (names < 0 || (i === 0 && !linear)));
				if (isBetter) [shortest, least] = [terms, needed];
			}
			return shortest === null
				? value
				: new Writer(builder, value.type, divisors, numbers).sum(shortest);
		},
	};
}

/** A term whose factors are those of a product that is there already, as a multiple of that. */
function recognized(term: Monomial, products: ReadonlyMap<string, KnownTerm>): Monomial {
	const known = term.factors.size < 2 ? undefined : products.get(factorsKey(term));
	if (known === undefined) return term;
	const coefficient = term.coefficient / known.term.coefficient;
	return { ...term, coefficient, factors: new Map([[known.value, 1]]) };
}

/** Terms in which, beside what all have in common, quotients that are there already are used. */
function inQuotients(terms: readonly Monomial[], quotients: KnownTerms): readonly Monomial[] {
	const { factors } = terms.length > 1 ? sharedBy(terms) : { factors: new Map<Value, number>() };
	const shared = { coefficient: 1, factors, absorbing: null };
	return collected(
		terms.map((term) => timesTerm(divided(overTerm(term, shared), quotients), shared)),
	);
}

/** A term in which each quotient that is there already, as x/‖x‖ is, stands for its factors. */
function divided(term: Monomial, quotients: KnownTerms): Monomial {
	for (const { value, term: known } of quotients.partsOf(term)) {
		const isPart = [...known.factors].every(([x, p]) => {
			const q = term.factors.get(x) ?? 0;
			return q * p > 0 && Math.abs(q) >= Math.abs(p);
		});
		if (!isPart) continue;
		const one = { ...term, coefficient: 1, factors: new Map([[value, 1]]) };
		return divided(timesTerm(overTerm(term, known), one), quotients);
	}
	return term;
}

function inverse({ coefficient, factors }: Monomial): Monomial {
	const powers = [...factors].map(([x, p]): [Value, number] => [x, -p]);
	return { coefficient: 1 / coefficient, factors: new Map(powers), absorbing: null };
}

function isQuotient({ factors }: Monomial): boolean {
	return factors.size > 1 && [...factors.values()].some((p) => p < 0);
}

/**
 * How many dear values another form of a value gives up. Two of them count as an op: lines with
 * names that the reader knows are worth that.
 */
function givenUp(value: Value, after: Value, { free, dear, owned }: Surroundings): number {
	// What is there for the value alone goes with it.
	const stays = { has: (x: Value) => free.has(x) && !owned.has(x) };
	const before = instructionsOf([value], stays).filter((step) => step !== value && dear.has(step));
	if (before.length === 0) return 0;
	const there = new Set(instructionsOf([after], stays));
	return before.filter((step) => !there.has(step)).length;
}

/** How often a sum of products mentions a value. */
function mentions(terms: readonly Monomial[]): number {
	const powers = terms.flatMap(({ factors }) => [...factors.values()]);
	return powers.reduce((total, power) => total + Math.abs(power), 0);
}

/**
 * How many ops and lines have to be added for the value: what is used twice gets a line. Views cost
 * nothing, and neither does 1/x, which is part of a division.
 */
function cost(value: Value, there: Pick<ReadonlySet<Value>, "has">): number {
	const [once, twice] = [new Set<Value>(), new Set<Value>()];
	const added: Value[] = [];
	for (const step of instructionsOf([value], there)) {
		const { view, algebra } = step.op.traits ?? {};
		if (view || (algebra?.powers?.length === 1 && algebra.powers[0] === -1)) continue;
		added.push(step);
		for (const input of step.inputs) {
			const used = shown(input);
			(once.has(used) ? twice : once).add(used);
		}
	}
	return added.length + added.filter((step) => twice.has(step)).length;
}

/** What a view, or several, are views of. */
function shown(value: Value): Value {
	const isView = value.kind === "instruction" && value.op.traits?.view;
	return isView ? shown(value.inputs[0]!) : value;
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

/**
 * The numbers in a program that a person would write as they are: 0.5, and not 0.3333333333333333.
 */
function numbersIn({ instructions }: Program): Set<number> {
	const all = instructions.flatMap(({ inputs }) => inputs.map(uniformNumber));
	const numbers = all.filter((number) => number !== null);
	return new Set(numbers.filter((number) => String(number).length < 8));
}
