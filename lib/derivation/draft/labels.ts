import type { GradientProgram } from "../../program/gradient.ts";
import { instructionsOf, type Program, type Value } from "../../program/program.ts";
import type { WrittenStep } from "./loop-model.ts";
import type { Names } from "./names.ts";
import { choiceBy } from "./open-choices.ts";
import { partOf } from "./open-loops.ts";

/** What was recorded, and what became of its values. */
interface Recorded {
	readonly recorded: GradientProgram;
	readonly after: (before: Value) => Value;
}

/**
 * The names that the user gave to computed values with an op for it, of two for one value the
 * first; and those of tests that choose.
 */
export function givenLabels({
	program,
	recorded,
	after,
}: Recorded & { readonly program: Program }): Map<Value, string> {
	const labels = new Map<Value, string>();
	for (const step of recorded.program.instructions) {
		const label = step.op.traits?.label?.(step.params);
		const value = after(step);
		if (label === undefined || value.kind !== "instruction" || labels.has(value)) continue;
		labels.set(value, label);
	}
	for (const step of program.instructions) {
		const choice = choiceBy(step);
		const [index] = step.inputs;
		if (choice === undefined || index?.kind !== "instruction" || labels.has(index)) continue;
		if (partOf(index) === null) labels.set(index, choice.isTest ? "test" : "index");
	}
	return labels;
}

/**
 * The names that layers gave to values of the forward pass that the user gave none; the outer
 * layer's counts.
 */
export function layerNamesOf(
	{ recorded, after }: Recorded,
	inForward: ReadonlySet<Value>,
	labels: ReadonlyMap<Value, string>,
): Map<Value, string> {
	const found = recorded.named.map(([before, name]) => [after(before), name] as const);
	return new Map(found.filter(([value]) => inForward.has(value) && !labels.has(value)));
}

/** Claims the names that layers gave; of several values with one name each has a number. */
export function layerNamer(
	layerNames: ReadonlyMap<Value, string>,
	names: Names,
): (value: Value) => string | undefined {
	const all = [...layerNames.values()];
	return (value) => {
		const stem = layerNames.get(value);
		if (stem === undefined) return undefined;
		return all.indexOf(stem) === all.lastIndexOf(stem) ? names.claim(stem) : names.next(stem);
	};
}

/** The names of the values of a step: from the user, from layers, and from keys of a carry. */
export function namesInStep(step: WrittenStep): Map<Value, string> {
	const { program, results, recorded, after } = step;
	const inForward = new Set<Value>(instructionsOf(program.outputs.slice(0, results)));
	const labels = givenLabels(step);
	const keys = recorded.named.flatMap(([before, name]): [Value, string][] => {
		const value = after(before);
		return value.kind === "input" ? [[value, name]] : [];
	});
	return new Map([...keys, ...layerNamesOf(step, inForward, labels), ...labels]);
}
