import { full } from "../../core/create.ts";
import type { Tensor } from "../../core/tensor.ts";
import { add } from "../../ops/arithmetic.ts";
import { interpret } from "../../program/interpret.ts";
import { instructionsOf, type Program, type Value } from "../../program/program.ts";
import type { WrittenStep } from "../draft/loop-model.ts";
import type { Statement } from "../draft/model.ts";
import { termSizesWithin } from "./loop-terms.ts";
import type { TermSizes } from "./term-sizes.ts";

/** What a line gives, in a loop at one step: the variable, or the entry that it sets. */
export interface LineValue {
	readonly statement: Pick<Statement, "variable" | "at">;
	/** By the line itself, on what is right before it. */
	readonly line: Tensor;
	/** By what the engine recorded, where that has such a value. */
	readonly engine: Tensor | null;
	readonly terms: Pick<TermSizes, "line" | "whole">;
}

/** For what is taken from elsewhere as it is. */
export const NO_TERMS: LineValue["terms"] = { line: () => 0, whole: () => 0 };

/** The values of a program, at the arguments, at one step or in a branch. */
export interface Level {
	readonly program: Program;
	readonly values: ReadonlyMap<Value, Tensor>;
	readonly engine: (value: Value) => Tensor | null;
	readonly terms: (value: Value) => LineValue["terms"];
}

/** What stands for values of the derivation where its sizes are special. */
export type At = (value: Value) => Value;

/** What is known on the way through a block. */
export interface Known {
	/** What each variable is so far. */
	readonly variables: Map<string, Tensor>;
	/** What loops around have stored so far. */
	readonly stored: ReadonlyMap<string, Tensor[]>;
	/** The step of the loop around. */
	readonly place: number;
	readonly at: At;
}

/** A value at a level; undefined where it has none there. */
export function tensorAt({ values }: Level, value: Value): Tensor | undefined {
	return value.kind === "constant" ? value.tensor : values.get(value);
}

/** The part of a program that so many of its outputs need, those from a place on. */
export function partFor(program: Program, results: number, from = 0): Program {
	const outputs = program.outputs.slice(from, from + results);
	return { ...program, instructions: instructionsOf(outputs), outputs };
}

/** As many zeros as a value has elements. */
export function zerosFor({ type: { shape, dtype } }: Value): Tensor {
	return full(shape, dtype === "bool" ? false : 0, { dtype });
}

/** For each value as it is written, the value of the recorded program that it stands for. */
export function recordedBy(
	{ after }: WrittenStep,
	recorded: Program,
	own: Program,
): ReadonlyMap<Value, Value> {
	const isOwn = new Set<Value>(own.instructions);
	const found = new Map<Value, Value>();
	for (const value of recorded.instructions) {
		const now = after(value);
		const isSame = now.type.shape.join() === value.type.shape.join();
		if (isOwn.has(now) && isSame && !found.has(now)) found.set(now, value);
	}
	return found;
}

/**
 * A step at one place, or a branch, as it is written and as the engine recorded it.
 * @param named the values that have names
 */
export function levelAt(
	program: Program,
	recorded: Program,
	from: ReadonlyMap<Value, Value>,
	named: readonly Value[],
	inputs: readonly Tensor[],
): Level {
	const watched = (of: Program) => {
		const found = new Map<Value, Tensor>();
		interpret(of, inputs, (value, tensor) => found.set(value, tensor));
		return found;
	};
	const values = watched(program);
	let engine: ReadonlyMap<Value, Tensor> | null = null;
	const sizes = termSizesWithin(inputs, { program, named }, recorded, from);
	return {
		program,
		values,
		engine: (value) => {
			engine ??= watched(recorded);
			const there = from.get(value);
			return there === undefined ? null : (engine.get(there) ?? null);
		},
		terms: (value) => ({ line: () => sizes.line(value), whole: () => sizes.whole(value) }),
	};
}

/** What a line gives; from then on it is known. */
export function lineValue(
	statement: Statement,
	level: Level,
	{ variables: known, stored, place, at }: Known,
): LineValue {
	const { variable, change, expression } = statement;
	const value = at(statement.value);
	// What a loop in the step stored is known by its name alone.
	const named = expression.kind === "name" ? known.get(expression.name) : undefined;
	const own = tensorAt(level, value) ?? named!;
	const recorded = level.engine(value);
	const terms = level.terms(value);
	if (statement.at !== undefined) {
		stored.get(variable)![place] = own;
		return { statement, line: own, engine: recorded, terms };
	}
	const before = change === "adds" ? known.get(variable)! : null;
	const added = (x: Tensor) => (before === null ? x : add(before, x));
	known.set(variable, added(own));
	return {
		statement,
		line: added(own),
		engine: recorded === null ? null : added(recorded),
		terms,
	};
}
