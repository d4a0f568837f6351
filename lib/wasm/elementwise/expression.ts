import type { DType } from "../../dtype.ts";
import type { ModuleBuilder } from "../assembler.ts";
import type { ScalarFunction } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import type { Lowering } from "./lowering.ts";
import { type ElementwiseName, lowerings } from "./lowerings.ts";
import { happens, type Random, random } from "./random.ts";
import { cast, constantValue, type Value } from "./value.ts";

/**
 * What a loop computes for each element. An expression that stands in several places, the same object, is computed once.
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
	| {
			readonly kind: "op";
			readonly name: ElementwiseName;
			readonly args: readonly Expression[];
			readonly dtype: DType;
	  };

/** An op applied to expressions, with a result of this dtype. */
export function operation(
	name: ElementwiseName,
	dtype: DType,
	...args: readonly Expression[]
): Expression {
	return { kind: "op", name, args, dtype };
}

/** The ops by their names: `operations.add("float64", x, y)`. */
export const operations = Object.fromEntries(
	(Object.keys(lowerings) as ElementwiseName[]).map((name) => [
		name,
		(dtype: DType, ...args: readonly Expression[]) => operation(name, dtype, ...args),
	]),
) as Readonly<
	Record<ElementwiseName, (dtype: DType, ...args: readonly Expression[]) => Expression>
>;

/** The record of the lowering of an op, by its name; undefined where it is not an elementwise op. */
export function loweringOf(name: string): Lowering | undefined {
	return Object.hasOwn(lowerings, name) ? lowerings[name as ElementwiseName] : undefined;
}

/** The scalar functions that a module has imported, by the op's name. */
export type ScalarFunctions = ReadonlyMap<string, ScalarFunction>;

/** What those of the named ops that need it call: to be imported as `env.name`. */
export function scalarImports(names: Iterable<string>): Record<string, (...x: number[]) => number> {
	const imports: Record<string, (...x: number[]) => number> = {};
	for (const name of names) {
		const calls = loweringOf(name)?.calls;
		if (calls !== undefined) imports[name] = calls;
	}
	return imports;
}

/** Imports what `scalarImports` gives, before the first function is defined. */
export function importScalars(m: ModuleBuilder, names: Iterable<string>): ScalarFunctions {
	const functions = new Map<string, ScalarFunction>();
	for (const [name, { length }] of Object.entries(scalarImports(names))) {
		const params = Array.from({ length }, () => "f64" as const);
		functions.set(name, m.import(name, params, "f64"));
	}
	return functions;
}

/** The names of the ops in expressions, each once. */
export function opsIn(expressions: readonly Expression[]): Set<ElementwiseName> {
	const ops = parts(expressions).flatMap((part) => (part.kind === "op" ? [part.name] : []));
	return new Set(ops);
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
		case "op":
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
			case "op": {
				const { name, dtype } = expression;
				const args = expression.args.map(value);
				return lowerings[name].emit(code, args, dtype, scalars.get(name));
			}
		}
	};
	const value = (expression: Expression): Value => {
		const result = known.get(expression) ?? compute(expression);
		known.set(expression, result);
		return result;
	};
	return value;
}
