import { sizeOf } from "../shape.ts";
import { Builder, uniform } from "./builder.ts";
import type { Instruction, Program, Value } from "./program.ts";
import { exactRules, type Maker, type Rule, realRules } from "./rules.ts";
import { type Expansion, isLike, type Term, TermReader } from "./sum-of-products.ts";
import { Writer } from "./write-terms.ts";

/** One rewriting: `before` and `after` have the same value. */
export interface Step {
	/** The law, in a few words. */
	readonly rule: string;
	readonly before: Instruction;
	readonly after: Value;
}

/** How far `simplify` goes. */
export interface SimplifyOptions {
	/**
	 * Also by the laws of real numbers, which rounding obeys only nearly, and which leave a 0/0 out where it cancels. Left
	 * out: only by laws that hold exactly.
	 */
	readonly algebra?: boolean;
	/** Values that stay as they are. */
	readonly keep?: ReadonlySet<Value>;
	/** Inputs that add up to 1 along axes. */
	readonly distributions?: ReadonlyMap<Value, readonly number[]>;
	/** Is told each step. */
	readonly watch?: (step: Step) => void;
}

/** A simplified program, and what has become of the values of the one before. */
export interface Simplified {
	readonly program: Program;
	readonly after: (before: Value) => Value;
}

/** As often as that, what one pass leaves is looked at again: a term that it made superfluous no longer counts as being there. */
const MOST_PASSES = 4;

/** The same function with fewer instructions: equal terms once, nothing computed in vain, by the properties that ops state. */
export function simplify(program: Program, options: SimplifyOptions = {}): Simplified {
	let current = pass(program, options, options.keep ?? new Set());
	for (let passes = 1; passes < MOST_PASSES; passes++) {
		const before = current;
		const keep = new Set([...(options.keep ?? [])].map(before.after));
		const next = pass(before.program, options, keep);
		if (next.program.instructions.length >= before.program.instructions.length) break;
		current = { program: next.program, after: (value) => next.after(before.after(value)) };
	}
	return current;
}

function pass(program: Program, options: SimplifyOptions, keep: ReadonlySet<Value>): Simplified {
	const { watch } = options;
	const builder = new Builder();
	const now = new Map<Value, Value>(program.inputs.map((input) => [input, input]));
	const after = (before: Value): Value => {
		const known = now.get(before);
		if (known !== undefined || before.kind !== "constant") return known ?? before;
		const adopted = builder.adopt(before);
		now.set(before, adopted);
		return adopted;
	};
	const state: State = {
		builder,
		free: new Set(),
		kept: new Set(),
		divisors: divisorsOf(program),
		maker: {
			apply: (op, inputs, params) => rewritten(builder.apply(op, inputs, params), laws, maker),
			number: (number, type) => builder.number(number, type),
		},
	};
	const { maker } = state;
	const laws = lawsOf(options, state);
	const collect = options.algebra ? collecting(state) : null;
	const uses = countUses(program);
	for (const step of program.instructions) {
		let value: Value = builder.apply(step.op, step.inputs.map(after), step.params);
		if (keep.has(step)) {
			state.kept.add(value);
			state.free.add(value);
		} else {
			value = rewritten(value, laws, maker, watch);
			// What the step is known to be may be there already, and stay.
			if (collect !== null && !state.kept.has(value)) {
				value = rewrittenOnce(value, collect, maker, watch);
			}
			if (uses.get(step)! > 1) state.free.add(value);
		}
		now.set(step, value);
	}
	const outputs = program.outputs.map(after);
	const instructions = instructionsOf(outputs);
	return { program: { inputs: program.inputs, instructions, outputs }, after };
}

function lawsOf({ algebra, distributions }: SimplifyOptions, { free }: State): readonly Rule[] {
	if (!algebra) return exactRules;
	const along = (value: Value) => {
		if (value.kind !== "instruction") return distributions?.get(value) ?? null;
		return value.op.facts?.distribution?.(value.params, value.type.shape) ?? null;
	};
	return [...exactRules, ...realRules(along, (value) => free.has(value))];
}

/** The value after all rules that apply, one after the other. */
function rewritten(
	value: Value,
	rules: readonly Rule[],
	maker: Maker,
	watch?: SimplifyOptions["watch"],
): Value {
	let current = value;
	for (let i = 0; i < rules.length; i++) {
		const after = rewrittenOnce(current, rules[i]!, maker, watch);
		if (after === current) continue;
		current = after;
		i = -1;
	}
	return current;
}

function rewrittenOnce(
	value: Value,
	rule: Rule,
	maker: Maker,
	watch?: SimplifyOptions["watch"],
): Value {
	if (value.kind !== "instruction") return value;
	const after = rule.rewrite(value, maker);
	if (after === null || after === value) return value;
	watch?.({ rule: rule.name, before: value, after });
	return after;
}

interface State {
	readonly builder: Builder;
	/** Values that are there in any case, so that using them costs nothing. */
	readonly free: Set<Value>;
	/** Those of them that stay as they are. */
	readonly kept: Set<Value>;
	readonly divisors: readonly number[];
	readonly maker: Maker;
}

/** Sums and products are collected, and multiplied out where that makes them shorter. */
function collecting(state: State): Rule {
	const { builder, free, divisors, maker } = state;
	const reader = (expansion: Expansion) => {
		const isOpen = (value: Instruction) => expansion !== "none" || !free.has(value);
		return new TermReader(expansion, isOpen, maker.apply, (terms, { type }) =>
			new Writer(builder, type, []).sum(terms),
		);
	};
	const products = new Map<Value, Term | null>();
	const [asItIs, toCancel, fully] = [reader("none"), reader("to cancel"), reader("fully")];
	return {
		name: "sums and products are collected",
		rewrite: (value) => {
			for (const kept of state.kept) {
				if (products.has(kept)) continue;
				const terms = toCancel.terms(kept);
				products.set(kept, terms.length === 1 ? terms[0]! : null);
			}
			const { algebra, linear } = value.op.facts ?? {};
			if (algebra === undefined && !linear) return null;
			// Fractions are written once the shortest form is known, since a division counts as an op.
			const plain = new Writer(builder, value.type, []);
			const readings = [asItIs.terms(value), toCancel.terms(value)];
			readings.push(fully.terms(plain.sum(readings[1]!)), fully.terms(value));
			const known = readings.map((terms) => terms.map((term) => recognized(term, products)));
			let shortest: readonly Term[] | null = null;
			let least = [cost(value, free), mentions(known[0]!)] as const;
			for (const [i, terms] of known.entries()) {
				const needed = [cost(plain.sum(terms), free), mentions(terms)] as const;
				const [ops, names] = [needed[0] - least[0], needed[1] - least[1]];
				// Of what takes as many ops, the one with fewer names reads better, and sums and products better collected.
				const isBetter = ops < 0 || (ops === 0 && (names < 0 || (i === 0 && !linear)));
				if (isBetter) [shortest, least] = [terms, needed];
			}
			return shortest === null ? value : new Writer(builder, value.type, divisors).sum(shortest);
		},
	};
}

/** A term whose factors are those of a product that is there already, as a multiple of that. */
function recognized(term: Term, products: ReadonlyMap<Value, Term | null>): Term {
	if (term.factors.size < 2) return term;
	for (const [value, product] of products) {
		if (product === null || !isLike(product, term)) continue;
		const coefficient = term.coefficient / product.coefficient;
		return { ...term, coefficient, factors: new Map([[value, 1]]) };
	}
	return term;
}

/** How often a sum of products mentions a value. */
function mentions(terms: readonly Term[]): number {
	const powers = terms.flatMap(({ factors }) => [...factors.values()]);
	return powers.reduce((total, power) => total + Math.abs(power), 0);
}

/** How many ops have to be added for the value. Views cost nothing, and neither does 1/x, which is part of a division. */
function cost(value: Value, free: ReadonlySet<Value>): number {
	const isFree = ({ op: { facts } }: Instruction) =>
		facts?.view || (facts?.algebra?.powers?.length === 1 && facts.algebra.powers[0] === -1);
	return instructionsOf([value], free).filter((step) => !isFree(step)).length;
}

/** The instructions that the values are made by, each after its inputs, but for those already there. Iterative: chains may be long. */
function instructionsOf(
	values: readonly Value[],
	there: ReadonlySet<Value> = new Set(),
): Instruction[] {
	const order: Instruction[] = [];
	const seen = new Set<Value>();
	const path: { value: Instruction; next: number }[] = [];
	const enter = (value: Value) => {
		if (value.kind !== "instruction" || seen.has(value) || there.has(value)) return;
		seen.add(value);
		path.push({ value, next: 0 });
	};
	for (const value of values) {
		enter(value);
		while (path.length > 0) {
			const last = path[path.length - 1]!;
			const input = last.value.inputs[last.next++];
			if (input !== undefined) enter(input);
			else order.push(path.pop()!.value);
		}
	}
	return order;
}

function countUses({ instructions, outputs }: Program): Map<Value, number> {
	const uses = new Map<Value, number>();
	const use = (value: Value, times: number) => uses.set(value, (uses.get(value) ?? 0) + times);
	for (const { inputs } of instructions) for (const input of inputs) use(input, 1);
	// A result is there in any case.
	for (const output of outputs) use(output, 2);
	return uses;
}

/** Numbers by which the program may divide: those written in it, and how many elements become one. */
function divisorsOf({ instructions }: Program): number[] {
	const found = new Set<number>();
	for (const { inputs, type } of instructions) {
		for (const input of inputs) {
			const number = uniform(input);
			const ratio = sizeOf(input.type.shape) / sizeOf(type.shape);
			if (number !== null && number > 1) found.add(number);
			else if (Number.isInteger(ratio) && ratio > 1) found.add(ratio);
		}
	}
	return [...found];
}
