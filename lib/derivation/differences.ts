import { checkGivenGradient } from "../check/verdicts/check-gradients.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Instruction, Value } from "../program/program.ts";
import type { Derived, Statement } from "./draft/model.ts";
import { runStatements } from "./evaluate.ts";

/** What differences say of a gradient. */
export interface DifferencesCheck {
	readonly text: string;
	readonly ok: boolean;
}

/**
 * Arguments with at most so many elements are moved element by element, others in a random
 * direction.
 */
const MOST_ELEMENTS = 16;

/**
 * Compares the value that a line gives with differences of the forward statements by what it is the
 * gradient of. What was stopped is held fixed. Where a derivative was given by hand between that
 * and the result, the line need not be what differences say.
 * @param given the arguments and constants
 * @param variables the value of each variable, where they are not moved
 */
export function checkByDifferences(
	derived: Derived,
	{ variable, gradientOf }: Statement,
	given: ReadonlyMap<string, Tensor>,
	variables: ReadonlyMap<string, Tensor>,
): DifferencesCheck {
	const { arguments: args, forward, backward } = derived;
	const of = gradientOf!;
	const [own, wanted] = [variable, of].map((name) => variables.get(name)!.shape);
	if (!sameShape(own!, wanted!)) {
		return {
			text: `its shape is ${showShape(own!)}, that of ${of} ${showShape(wanted!)}`,
			ok: false,
		};
	}
	const fixed = forward.filter((line) => byHand(line.value) === "stopped");
	const held = new Map(fixed.map((line) => [line.variable, variables.get(line.variable)!]));
	const at = (x: Tensor) => {
		const moved = new Map(given);
		if (moved.has(of)) moved.set(of, x);
		const override = (name: string) => (name === of ? x : (held.get(name) ?? null));
		runStatements(forward, moved, override);
		return { moved, loss: moved.get(forward.at(-1)!.variable)! };
	};
	const gradientAt = (x: Tensor) => {
		const { moved } = at(x);
		runStatements(backward, moved);
		return moved.get(variable)!;
	};
	const report = checkGivenGradient((x) => at(x).loss, gradientAt, variables.get(of)!, {
		elements: MOST_ELEMENTS,
		directions: 1,
	});
	const { fail } = report.counts;
	const value =
		args.find(({ name }) => name === of)?.value ??
		forward.find((line) => line.variable === of)!.value;
	if (fail > 0 && reachesGiven(value, derived)) {
		return {
			text: `set by hand with customGradient: differences do not agree, ${fail} fail`,
			ok: true,
		};
	}
	const text = String(report).replaceAll("gradients agree: ", "differences: ");
	return { text, ok: fail === 0 && report.counts["not-deterministic"] === 0 };
}

function byHand(value: Value): "stopped" | "given" | undefined {
	return value.kind === "instruction" ? value.op.traits?.byHand : undefined;
}

/** Whether a derivative that was given by hand lies on the way from a value to the result. */
function reachesGiven(of: Value, { program }: Derived): boolean {
	const moving = new Set([of]);
	const isMoving = (step: Instruction) =>
		byHand(step) !== "stopped" && step.inputs.some((x) => moving.has(x));
	return program.instructions.some((step) => {
		if (step === of || !isMoving(step)) return false;
		moving.add(step);
		return byHand(step) === "given";
	});
}
