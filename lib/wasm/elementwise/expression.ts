import type { DType } from "../../dtype.ts";
import type { Term } from "../../scalar/scalar.ts";
import type { ModuleBuilder } from "../assembler.ts";
import type { ScalarFunction, ScalarFunctions } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import { importedFor } from "./functions.ts";
import { lowered, type Operand } from "./lowering.ts";
import { happens, type Random, random } from "./random.ts";
import { cast, constantValue, type Value } from "./value.ts";

/**
 * What a loop computes for each element. An expression that stands in several places, the same
 * object, is computed once.
 */
export type Expression =
	/** The element of an input, or the result of an earlier pass over the slice. */
	| { readonly kind: "input" | "result"; readonly index: number }
	/** Which element of its slice it is, in row-major order, as int32. */
	| { readonly kind: "position" }
	| { readonly kind: "constant"; readonly value: number; readonly dtype: DType }
	| { readonly kind: "cast"; readonly of: Expression; readonly dtype: DType }
	/** Random words or numbers: see `random`. */
	| {
			readonly kind: "random";
			readonly what: Random;
			readonly key: readonly Expression[];
			readonly counters: readonly Expression[];
			readonly stream: number;
	  }
	/** Whether a random number lies below a probability. */
	| { readonly kind: "chance"; readonly number: Expression; readonly probability: Expression }
	/** The formula of an elementwise op, with a result of this dtype. */
	| {
			readonly kind: "formula";
			readonly term: Term;
			readonly args: readonly Expression[];
			readonly dtype: DType;
	  };

/** The formulas in expressions, each once. */
export function formulasIn(expressions: readonly Expression[]): Set<Term> {
	const terms = parts(expressions).flatMap((part) => (part.kind === "formula" ? [part.term] : []));
	return new Set(terms);
}

/** JavaScript's functions that formulas call: to be imported as `env.name`. */
export function scalarImports(terms: Iterable<Term>): Record<string, (...x: number[]) => number> {
	const found = [...importedFor(terms)];
	return Object.fromEntries(found.map(([name, { evaluate }]) => [name, evaluate]));
}

/** Imports what `scalarImports` gives, before the first function is defined. */
export function importScalars(m: ModuleBuilder, terms: Iterable<Term>): ScalarFunctions {
	const functions = new Map<string, ScalarFunction>();
	for (const [name, { arity }] of importedFor(terms)) {
		const params = Array.from({ length: arity }, () => "f64" as const);
		functions.set(name, m.import(name, params, "f64"));
	}
	return functions;
}

/** The indices of the inputs that expressions read. */
export function inputsIn(expressions: readonly Expression[]): Set<number> {
	const read = parts(expressions).flatMap((part) => (part.kind === "input" ? [part.index] : []));
	return new Set(read);
}

/** Expressions and what they are made of, each once. */
function parts(expressions: readonly Expression[]): Expression[] {
	const seen = new Set<Expression>();
	const visit = (expression: Expression): void => {
		if (seen.has(expression)) return;
		seen.add(expression);
		operandsOf(expression).forEach(visit);
	};
	expressions.forEach(visit);
	return [...seen];
}

function operandsOf(expression: Expression): readonly Expression[] {
	switch (expression.kind) {
		case "formula":
			return expression.args;
		case "cast":
			return [expression.of];
		case "random":
			return [...expression.key, ...expression.counters];
		case "chance":
			return [expression.number, expression.probability];
		default:
			return [];
	}
}

/** What the leaves of an expression stand for in the code being written. */
export interface Leaves {
	/** Those that are read have to be there. */
	readonly inputs: readonly (Value | null)[];
	readonly results?: readonly Value[];
	readonly position?: (() => Value) | undefined;
}

/** Writes the code of expressions; what they share is computed once. */
export function evaluator(code: Code, leaves: Leaves, scalars: ScalarFunctions) {
	const known = new Map<Expression, Value>();
	const compute = (expression: Expression): Value => {
		switch (expression.kind) {
			case "input":
				return leaves.inputs[expression.index]!;
			case "result":
				return leaves.results![expression.index]!;
			case "position":
				return leaves.position!();
			case "constant":
				return constantValue(code, expression.value, expression.dtype);
			case "cast":
				return cast(code, value(expression.of), expression.dtype);
			case "random": {
				const { what, key, counters, stream } = expression;
				return random(code, what, key.map(value), counters.map(value), stream);
			}
			case "chance":
				return happens(code, value(expression.number), value(expression.probability));
			case "formula": {
				const { term, args, dtype } = expression;
				return lowered(code, term, args.map(operand), dtype, scalars);
			}
		}
	};
	const operand = (expression: Expression): Operand =>
		expression.kind === "constant"
			? { number: expression.value, dtype: expression.dtype }
			: value(expression);
	const value = (expression: Expression): Value => {
		const result = known.get(expression) ?? compute(expression);
		known.set(expression, result);
		return result;
	};
	return value;
}
