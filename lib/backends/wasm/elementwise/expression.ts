import type { ModuleBuilder } from "../../../asm/assembler.ts";
import type { Term } from "../../../scalar/scalar.ts";
import type { Expression } from "../../../schedule/expression.ts";
import type { ScalarFunction, ScalarFunctions } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import { importedFor } from "./functions.ts";
import { type LoweredOperand, lowered } from "./lowering.ts";
import { happens, picked, random } from "./random.ts";
import { cast, constantValue, type VectorValue } from "./value.ts";

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

/** What the leaves of an expression stand for in the code being written. */
export interface Leaves {
	/** Those that are read have to be there. */
	readonly inputs: readonly (VectorValue | null)[];
	readonly results?: readonly VectorValue[];
	readonly position?: (() => VectorValue) | undefined;
	/** What has been computed before. */
	readonly known?: ReadonlyMap<Expression, VectorValue>;
}

/** Writes the code of expressions; what they share is computed once. */
export function expressionWriter(code: Code, leaves: Leaves, scalars: ScalarFunctions) {
	const known = new Map<Expression, VectorValue>(leaves.known);
	const compute = (expression: Expression): VectorValue => {
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
			case "pick":
				return picked(code, value(expression.number), expression.first, expression.count);
			case "formula":
				return lowered(code, expression, expression.args.map(operand), scalars);
		}
	};
	const operand = (expression: Expression): LoweredOperand =>
		expression.kind === "constant"
			? { number: expression.value, dtype: expression.dtype }
			: value(expression);
	const value = (expression: Expression): VectorValue => {
		const result = known.get(expression) ?? compute(expression);
		known.set(expression, result);
		return result;
	};
	return value;
}
