import type { Op } from "../core/op.ts";
import { Builder } from "./builder.ts";
import { ownedIn } from "./owned.ts";
import {
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
	withBodies,
} from "./program.ts";
import { type Rewritten, rewrite, then } from "./rewrite.ts";
import {
	exactRules,
	type FurtherRules,
	type Maker,
	type RewriteRule,
	type Surroundings,
} from "./rules.ts";

/** One rewriting: `before` and `after` have the same value. */
export interface RewriteStep {
	/** The law, in a few words. */
	readonly rule: string;
	readonly before: Instruction;
	readonly after: Value;
}

/** How far `simplify` goes. */
export interface SimplifyOptions {
	/** Further laws, such as `realNumbers`; left out: only those that hold exactly. */
	readonly algebra?: (surroundings: Surroundings) => FurtherRules;
	/** Values that stay as they are. */
	readonly keep?: ReadonlySet<Value>;
	/** Whether no rule may go past them: what was made of one is made of it in any form. */
	readonly keepsUses?: boolean;
	/** Values worth having: they are only given up where that saves much. */
	readonly dear?: ReadonlySet<Value>;
	/** Is told each step. */
	readonly watch?: (step: RewriteStep) => void;
}

/**
 * As often as that, what one pass leaves is looked at again: a term that it made superfluous no
 * longer counts as being there.
 */
const MOST_PASSES = 4;

/**
 * The same function with fewer instructions: equal terms once, nothing computed in vain, by the
 * properties that ops state.
 */
export function simplify(program: Program, options: SimplifyOptions = {}): Rewritten {
	if (!program.instructions.some(({ op }) => op.bodies !== undefined)) {
		return simplifyOutside(program, options);
	}
	const { keep = new Set(), dear = new Set() } = options;
	const inside = rewrite(program, {
		constant: (value) => value,
		apply: (step, inputs) => ({ ...step, op: withSimpleBodies(step.op), inputs }),
	});
	const moved = (values: ReadonlySet<Value>) => new Set([...values].map(inside.after));
	const further = { ...options, keep: moved(keep), dear: moved(dear) };
	return then(inside, simplifyOutside(inside.program, further));
}

const simpler = new WeakMap<Op, Op>();

/** Bodies are simplified by exact laws, and stay as they are from then on. */
function withSimpleBodies(op: Op): Op {
	let known = simpler.get(op);
	if (known === undefined) {
		known = withBodies(op, (body) => simplify(body).program);
		simpler.set(op, known).set(known, known);
	}
	return known;
}

/** The same, where bodies stay as they are. */
function simplifyOutside(program: Program, options: SimplifyOptions): Rewritten {
	const { keep = new Set(), dear = new Set() } = options;
	let current = pass(program, options, keep, dear);
	for (let passes = 1; passes < MOST_PASSES; passes++) {
		const before = current;
		const moved = (values: ReadonlySet<Value>) => new Set([...values].map(before.after));
		const next = pass(before.program, options, moved(keep), moved(dear));
		if (next.program.instructions.length >= before.program.instructions.length) break;
		current = then(before, next);
	}
	return current;
}

/**
 * So many instructions are looked at below a value, and what is further down counts as being there:
 * nobody would write them on one line, or rewrite them at once.
 */
const MOST_BELOW = 32;

function pass(
	program: Program,
	options: SimplifyOptions,
	keep: ReadonlySet<Value>,
	dear: ReadonlySet<Value>,
): Rewritten {
	const { watch } = options;
	const builder = new Builder();
	const state: Surroundings = {
		program,
		builder,
		free: new Set(),
		kept: new Set(),
		dear: new Set(),
		owned: new Set(),
		maker: {
			apply: (op, inputs, params) => rewritten(builder.apply(op, inputs, params), laws, state),
			number: (number, type) => builder.number(number, type),
		},
	};
	const { maker } = state;
	const algebra = options.algebra?.(state);
	const laws = [...exactRules, ...(algebra?.laws ?? [])];
	const uses = countUses(program);
	const ownedBy = ownedIn(program);
	const made = new Map<Instruction, Value>();
	const below = countBelow(state.free);
	return rewrite(program, {
		constant: (value) => builder.adopt(value),
		apply: (step, inputs) => {
			let value: Value = builder.apply(step.op, inputs, step.params);
			if (keep.has(step)) {
				state.kept.add(value);
				state.free.add(value);
				return value;
			}
			const asWritten = value;
			value = rewritten(value, laws, state, watch);
			const isOther = options.keepsUses && value !== asWritten;
			if (isOther && passesBy(value, asWritten, state.kept)) value = asWritten;
			// What the step is known to be may be there already, and stay.
			if (algebra !== undefined && !state.kept.has(value)) {
				state.owned.clear();
				for (const owned of ownedBy(step)) state.owned.add(made.get(owned)!);
				value = rewrittenOnce(value, algebra.collect, maker, watch);
			}
			made.set(step, value);
			if (uses.get(step)! > 1 || below(value) > MOST_BELOW) state.free.add(value);
			if (dear.has(step)) state.dear.add(value);
			return value;
		},
	});
}

/**
 * Whether a form of a value no longer is made of a kept value that it was made of. A line that
 * went past `h` would leave the line of its gradient with a share of what `h` no longer reaches.
 */
function passesBy(form: Value, value: Value, kept: ReadonlySet<Value>): boolean {
	// What is in both is passed by in neither.
	const inForm = new Set([form, ...(form.kind === "instruction" ? form.inputs : [])]);
	const apart = instructionsOf([value], { has: (x) => kept.has(x) || inForm.has(x) });
	const isApart = (x: Value) => kept.has(x) && !inForm.has(x);
	if (!apart.some(({ inputs }) => inputs.some(isApart))) return false;
	const below = keptBelow(form, kept);
	return [...keptBelow(value, kept)].some((x) => !below.has(x));
}

/** The kept values that a value is made of, each the first on its way. */
function keptBelow(value: Value, kept: ReadonlySet<Value>): Set<Value> {
	const inputs = instructionsOf([value], kept).flatMap((step) => step.inputs);
	return new Set([value, ...inputs].filter((x) => kept.has(x)));
}

/** The value after all rules that apply, one after the other, as far as one that stays as it is. */
function rewritten(
	value: Value,
	rules: readonly RewriteRule[],
	{ maker, kept }: Surroundings,
	watch?: SimplifyOptions["watch"],
): Value {
	let current = value;
	for (let i = 0; i < rules.length && !kept.has(current); i++) {
		const after = rewrittenOnce(current, rules[i]!, maker, watch);
		if (after === current) continue;
		current = after;
		i = -1;
	}
	return current;
}

function rewrittenOnce(
	value: Value,
	rule: RewriteRule,
	maker: Maker,
	watch?: SimplifyOptions["watch"],
): Value {
	if (value.kind !== "instruction") return value;
	const after = rule.rewrite(value, maker);
	if (after === null || after === value) return value;
	watch?.({ rule: rule.name, before: value, after });
	return after;
}

/** How many instructions a value is made by, as far as they are not there in any case. */
function countBelow(there: ReadonlySet<Value>): (value: Value) => number {
	const known = new Map<Value, number>();
	const countOf = (value: Value) => (there.has(value) ? 0 : (known.get(value) ?? 0));
	return (value) => {
		for (const step of instructionsOf([value], { has: (x) => there.has(x) || known.has(x) })) {
			known.set(
				step,
				step.inputs.reduce((total, x) => total + countOf(x), 1),
			);
		}
		return countOf(value);
	};
}

/** How often values are used: those that are results at least twice. */
export function countUses({ instructions, outputs }: Program): Map<Value, number> {
	const uses = new Map<Value, number>();
	const use = (value: Value, times: number) => uses.set(value, (uses.get(value) ?? 0) + times);
	for (const { inputs } of instructions) for (const input of inputs) use(input, 1);
	// A result is there in any case.
	for (const output of outputs) use(output, 2);
	return uses;
}
