import type { Tensor } from "../../core/tensor.ts";
import { differentiate, type FlatFunction } from "../../program/gradient.ts";
import { interpret } from "../../program/interpret.ts";
import type { Value } from "../../program/program.ts";
import type { Derived } from "../draft/model.ts";
import { constantsOf } from "../printers/constants.ts";
import { resultsOf } from "../printers/typescript.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { type Elements, elementsOf } from "./values.ts";

/** Where a derivation comes from: what `verify` compares it with. */
export interface Origin {
	/** The function and the arguments that it was derived at. */
	readonly flat: FlatFunction;
	/** The axis along which each argument adds up to 1, or null. */
	readonly distributions: readonly (number | null)[];
	/** Forward and backward pass as the engine ran them. */
	readonly program: Derived["program"];
	/** The value in that program that a variable of the derivation stands for. */
	readonly engine: ReadonlyMap<string, Value>;
}

/** What a program is compared with, at one point. */
export interface Reference {
	/** The value of each variable that is known, by the lines themselves. */
	readonly lines: ReadonlyMap<string, Elements>;
	/** What the function and its derivative by the engine give, where a line stands for it. */
	readonly engine: ReadonlyMap<string, Elements>;
	/**
	 * What the recorded program gives for those of them that the function gave by a run of its own.
	 */
	readonly recorded: ReadonlyMap<string, Elements>;
	readonly given: ReadonlyMap<string, Elements>;
	/** Of what each gradient is the gradient. */
	readonly gradientOf: ReadonlyMap<string, string>;
	/** The variable that is the result. */
	readonly result: string;
	/** What the program returns. */
	readonly results: readonly string[];
	/** Variables that have to be there. */
	readonly required: readonly string[];
}

/** What the lines of a derivation have to be at these arguments. */
export function referenceAt(
	leaves: readonly Tensor[],
	derived: Derived,
	origin: Origin,
	required: readonly string[],
): Reference {
	const given = new Map<string, Elements>();
	for (const [i, { name }] of derived.arguments.entries()) given.set(name, elementsOf(leaves[i]!));
	const lines = new Map<string, Elements>();
	const values = derived.values(leaves);
	for (const { name, value } of constantsOf(derived, new SizeWriter(derived.sizes)).defined) {
		lines.set(name, elementsOf(values.get(value)!));
	}
	for (const { name, value } of derived.constants) {
		if (!lines.has(name)) given.set(name, elementsOf(values.get(value)!));
	}
	for (const { variable, value } of [...derived.forward, ...derived.backward]) {
		lines.set(variable, elementsOf(values.get(value)!));
	}
	return {
		lines,
		...engineValues(leaves, derived, origin),
		given,
		gradientOf: new Map(
			derived.backward.flatMap(({ variable, gradientOf }) =>
				gradientOf === null ? [] : [[variable, gradientOf]],
			),
		),
		result: derived.forward.at(-1)!.variable,
		results: resultsOf(derived),
		required,
	};
}

/**
 * The forward lines as the function computes them, and the gradients by the engine: of arguments by
 * a run of their own, the rest from its recorded run.
 */
function engineValues(
	leaves: readonly Tensor[],
	derived: Derived,
	{ flat, program, engine: values }: Origin,
): Pick<Reference, "engine" | "recorded"> {
	const engine = new Map<string, Elements>();
	const { loss, gradients } = differentiate(flat, leaves);
	engine.set(derived.forward.at(-1)!.variable, elementsOf(loss));
	const differentiated = derived.arguments.filter((argument) => argument.differentiated);
	for (const line of derived.backward) {
		const at = differentiated.findIndex(({ name }) => name === line.gradientOf);
		if (at >= 0) engine.set(line.variable, elementsOf(gradients[at]!));
	}
	const wanted = new Set(values.values());
	const found = new Map<Value, Tensor>();
	interpret(program, leaves, (value, tensor) => {
		if (wanted.has(value)) found.set(value, tensor);
	});
	const recorded = new Map<string, Elements>();
	for (const [variable, value] of values) {
		const tensor = value.kind === "constant" ? value.tensor : found.get(value);
		if (tensor === undefined) continue;
		const own = engine.has(variable) ? recorded : engine;
		own.set(variable, elementsOf(tensor));
	}
	return { engine, recorded };
}
