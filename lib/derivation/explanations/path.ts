import { sameShape } from "../../core/shape.ts";
import type { Value } from "../../program/program.ts";
import type { PullbackStep } from "../draft/model.ts";

/**
 * A step of an explanation. `out` is the value whose gradient it takes back: the result of its op,
 * or a later one if what is between only passes it on.
 */
export interface PathStep extends PullbackStep {
	readonly out: Value;
}

/**
 * The steps that lead to a value, from gradients that are known: those that have a line, and those
 * that `isKnown` names. What is only added up in a row is one step.
 * @param isShared whether something comes back to a value from elsewhere too
 */
export function pathTo(
	of: Value,
	steps: readonly PullbackStep[],
	isKnown: (value: Value) => boolean,
	isShared: (value: Value) => boolean = () => false,
): PathStep[] {
	const needed = new Set([of]);
	for (const { input, forward, cotangent } of steps.toReversed()) {
		if (!needed.has(input) || cotangent !== null) continue;
		if (!isKnown(forward.value)) needed.add(forward.value);
	}
	const path = steps
		.filter(({ input }) => needed.has(input))
		.map((step): PathStep => ({ ...step, out: step.forward.value }));
	return joined(path, isShared);
}

/** The path without the values between two steps that pass gradients on as they are. */
function joined(
	path: readonly PathStep[],
	isShared: (value: Value) => boolean,
): readonly PathStep[] & PathStep[] {
	for (const next of path) {
		const before = path.filter(({ out }) => out === next.input);
		const isOnly = path.filter(({ input }) => input === next.input).length === 1;
		const passes = (step: PathStep) => isPassing(step) && step.statement === next.statement;
		if (before.length === 0 || !isOnly || isShared(next.input) || ![next, ...before].every(passes))
			continue;
		const rest = path.filter((step) => step !== next);
		const made = rest.map((step) => (before.includes(step) ? { ...step, out: next.out } : step));
		return joined(made, isShared);
	}
	return [...path];
}

/** Whether a change of the argument passes through as it is: it is a term of a sum. */
export function isPassing({ forward: { op, value }, argument, input, call }: PathStep): boolean {
	return (
		call === null &&
		op.traits?.algebra?.coefficients?.[argument] === 1 &&
		sameShape(input.type.shape, value.type.shape) &&
		value.inputs.filter((x) => x === input).length === 1
	);
}
