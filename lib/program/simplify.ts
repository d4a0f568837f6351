import { sizeOf } from "../shape.ts";
import { Builder, uniform } from "./builder.ts";
import type { Instruction, Program, Value } from "./program.ts";
import { exactRules, type Rule, realRules } from "./rules.ts";
import { type Expansion, type Reading, termsOf } from "./sum-of-products.ts";
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

/** The same function with fewer instructions: equal terms once, nothing computed in vain, by the properties that ops state. */
export function simplify(program: Program, options: SimplifyOptions = {}): Simplified {
	const { keep = new Set<Value>(), watch } = options;
	const builder = new Builder();
	const now = new Map<Value, Value>(program.inputs.map((input) => [input, input]));
	const after = (before: Value): Value => {
		const known = now.get(before);
		if (known !== undefined || before.kind !== "constant") return known ?? before;
		const adopted = builder.adopt(before);
		now.set(before, adopted);
		return adopted;
	};
	const uses = countUses(program);
	const state: State = {
		builder,
		free: new Set(),
		kept: new Set(),
		divisors: divisorsOf(program),
		readings: new Map(),
	};
	const distributions = (value: Value) =>
		options.distributions?.get(value) ??
		(value.kind === "instruction"
			? (value.op.facts?.distribution?.(value.params, value.type.shape) ?? null)
			: null);
	const laws = options.algebra ? [...exactRules, ...realRules(distributions)] : exactRules;
	const collect = options.algebra ? collecting(state) : null;
	for (const step of program.instructions) {
		let value: Value = builder.apply(step.op, step.inputs.map(after), step.params);
		if (keep.has(step)) {
			state.kept.add(value);
			state.free.add(value);
		} else {
			value = rewritten(value, laws, builder, watch);
			if (collect !== null) value = rewrittenOnce(value, collect, builder, watch);
			if (uses.get(step)! > 1) state.free.add(value);
		}
		now.set(step, value);
	}
	const outputs = program.outputs.map(after);
	return {
		program: { inputs: program.inputs, instructions: instructionsOf(outputs), outputs },
		after,
	};
}

/** The value after all rules that apply, one after the other. */
function rewritten(
	value: Value,
	rules: readonly Rule[],
	builder: Builder,
	watch: SimplifyOptions["watch"],
): Value {
	let current = value;
	for (let i = 0; i < rules.length; i++) {
		const after = rewrittenOnce(current, rules[i]!, builder, watch);
		if (after === current) continue;
		current = after;
		i = -1;
	}
	return current;
}

function rewrittenOnce(
	value: Value,
	rule: Rule,
	builder: Builder,
	watch: SimplifyOptions["watch"],
): Value {
	if (value.kind !== "instruction") return value;
	const after = rule.rewrite(value, builder);
	if (after === null || after === value) return value;
	watch?.({ rule: rule.name, before: value, after });
	return after;
}

interface State {
	readonly builder: Builder;
	/** Values that are there in any case, so that using them costs nothing. */
	readonly free: Set<Value>;
	/** Values that are not read as what they were made from, unless that pays. */
	readonly kept: Set<Value>;
	readonly divisors: readonly number[];
	readonly readings: Map<Expansion, Reading>;
}

/** Sums and products are collected, and multiplied out where that makes them shorter. */
function collecting(state: State): Rule {
	const reading = (expansion: Expansion): Reading => {
		let made = state.readings.get(expansion);
		if (made === undefined) {
			const isOpen = (value: Value) => expansion !== "none" || !state.kept.has(value);
			made = { expansion, isOpen, builder: state.builder, known: new Map() };
			state.readings.set(expansion, made);
		}
		return made;
	};
	return {
		name: "sums and products are collected",
		rewrite: (value) => {
			if (value.op.facts?.algebra === undefined) return null;
			const writer = new Writer(state.builder, value.type, state.divisors);
			const candidates = [
				writer.sum(termsOf(value, reading("none"))),
				value,
				writer.sum(termsOf(value, reading("to cancel"))),
				writer.sum(termsOf(value, reading("fully"))),
			];
			let [best] = candidates as [Value, ...Value[]];
			let least = cost(best, state.free);
			for (const candidate of candidates.slice(1)) {
				const needed = cost(candidate, state.free);
				if (needed < least) [best, least] = [candidate, needed];
			}
			return best;
		},
	};
}

/** How many instructions have to be added for the value; views cost nothing. */
function cost(value: Value, free: ReadonlySet<Value>): number {
	return instructionsOf([value], free).filter(({ op }) => !op.facts?.view).length;
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

/** Whole numbers by which the program divides or may: those written in it, and how many elements become one. */
function divisorsOf({ instructions }: Program): number[] {
	const found = new Set<number>();
	for (const { inputs, type } of instructions) {
		for (const input of inputs) {
			const number = uniform(input) ?? sizeOf(input.type.shape) / sizeOf(type.shape);
			if (Number.isInteger(number) && number > 1) found.add(number);
		}
	}
	return [...found];
}
