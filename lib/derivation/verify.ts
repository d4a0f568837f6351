import { GradientError } from "../core/error.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { differentiate, type FlatFunction } from "../program/gradient.ts";
import { interpret } from "../program/interpret.ts";
import type { Value } from "../program/program.ts";
import { checkByDifferences } from "./differences.ts";
import type { Derived } from "./draft/model.ts";
import { runStatements } from "./evaluate.ts";

/** Where a derivation comes from: what `verify` compares it with. */
export interface Origin {
	/** The function and the arguments that it was derived at. */
	readonly flat: FlatFunction;
	/** Forward and backward pass as the engine ran them. */
	readonly program: Derived["program"];
	/** The value in that program that a variable of the derivation stands for. */
	readonly engine: ReadonlyMap<string, Value>;
}

/** What was found of one variable. */
export interface VariableCheck {
	readonly variable: string;
	/** How far it is from what the engine computes, relative to the greatest element or 1. */
	readonly engine: number;
	/** What differences of the forward statements say of a gradient; null for the result. */
	readonly differences: string | null;
	readonly ok: boolean;
}

/**
 * Gradients that differ from the engine's by more, relative to their greatest element or 1, are
 * wrong: rounding of a few ops.
 */
const TOLERANCE = { float64: 1e-12, float32: 1e-4, int32: 0, bool: 0 };

/** The outcome of `verify`, as a table that is meant to be read. */
export class Verification {
	readonly checks: readonly VariableCheck[];

	/** @internal */
	constructor(checks: readonly VariableCheck[]) {
		this.checks = checks;
	}

	/** A line for each variable. */
	toString(): string {
		const width = Math.max(...this.checks.map(({ variable }) => variable.length));
		return this.checks
			.map(({ variable, engine, differences, ok }) => {
				const parts = [
					ok ? "ok   " : "WRONG",
					variable.padEnd(width),
					`engine ± ${engine === 0 ? "0" : engine.toExponential(1)}`,
				];
				return [...parts, ...(differences === null ? [] : [differences])].join("  ");
			})
			.join("\n");
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/**
 * `Derivation.verify`: it compares what the lines give, not what the engine would.
 * @throws GradientError with the whole table when one of them is wrong
 */
export function verify(derived: Derived, { flat, program, engine }: Origin): Verification {
	const given = new Map<string, Tensor>();
	for (const [i, { name }] of derived.arguments.entries()) given.set(name, flat.leaves[i]!);
	for (const { name, value } of derived.constants) {
		if (value.kind === "constant") given.set(name, value.tensor);
	}
	const variables = new Map(given);
	runStatements([...derived.forward, ...derived.backward], variables);
	const expected = engineValues(derived, { flat, program, engine });
	const checks = [...expected].map(([variable, tensor]): VariableCheck => {
		const off = distance(variables.get(variable)!, tensor);
		const isEqual = off <= TOLERANCE[tensor.dtype];
		const line = derived.backward.find((each) => each.variable === variable);
		if (line === undefined) return { variable, engine: off, differences: null, ok: isEqual };
		const { text, ok } = checkByDifferences(derived, line, given, variables);
		return { variable, engine: off, differences: text, ok: isEqual && ok };
	});
	const verification = new Verification(checks);
	if (checks.every(({ ok }) => ok)) return verification;
	throw new GradientError(`derivation: a line is not true\n${verification}`);
}

/**
 * The result and the gradients by the engine: arguments by a run of their own, the rest from its
 * recorded run.
 */
function engineValues(derived: Derived, { flat, program, engine }: Origin): Map<string, Tensor> {
	const values = new Map<string, Tensor>();
	const { loss, gradients } = differentiate(flat, flat.leaves);
	values.set(derived.forward.at(-1)!.variable, loss);
	const differentiated = derived.arguments.filter((argument) => argument.differentiated);
	for (const line of derived.backward) {
		const at = differentiated.findIndex(({ name }) => name === line.gradientOf);
		if (at >= 0) values.set(line.variable, gradients[at]!);
	}
	const wanted = new Set(engine.values());
	const found = new Map<Value, Tensor>();
	interpret(program, flat.leaves, (value, tensor) => {
		if (wanted.has(value)) found.set(value, tensor);
	});
	for (const [variable, value] of engine) {
		if (!values.has(variable)) values.set(variable, found.get(value)!);
	}
	return values;
}

/**
 * The greatest difference, relative to the greatest expected element or 1; NaN is like NaN, an
 * infinity like itself.
 */
function distance(actual: Tensor, expected: Tensor): number {
	const [a, e] = [elements(actual), elements(expected)];
	if (String(actual.shape) !== String(expected.shape)) return Number.POSITIVE_INFINITY;
	let size = 1;
	let most = 0;
	for (let i = 0; i < e.length; i++) {
		if (Object.is(a[i], e[i]) || a[i] === e[i]) continue;
		const off = Math.abs(a[i]! - e[i]!);
		most = Math.max(most, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off);
		if (Number.isFinite(e[i]!)) size = Math.max(size, Math.abs(e[i]!));
	}
	return most / size;
}
