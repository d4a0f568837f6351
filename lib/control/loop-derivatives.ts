import { orZeros } from "../autodiff/run.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { type Input, instructionOf, type Program } from "../program/program.ts";
import { cotangentProgram, marked, tangentProgram } from "./derivatives.ts";
import type { LoopParams, Recurrence } from "./model.ts";
import { takeApart } from "./split.ts";
import { varyingStep } from "./varying.ts";

/** How many inputs of a step are closed over, and how many are handed on. */
type Counts = Pick<LoopParams, "closed" | "carried">;

/** A step that carries tangents along. */
export interface Forward {
	/** Takes and gives as a step does: carries and their tangents, then the tangents of `ys`. */
	readonly body: Program;
	/** Which inputs of the step vary, and which of its outputs. */
	readonly inputs: readonly boolean[];
	readonly outputs: readonly boolean[];
}

/** The derivative forward of a step that is repeated, where these of its inputs vary. */
export function forwardOf(
	body: Program,
	given: readonly boolean[],
	{ closed, carried }: Counts,
): Forward {
	const { inputs, outputs } = varyingStep(body, given, closed, carried);
	const both = tangentProgram(body, inputs, outputs);
	const [n, m] = [body.inputs.length, body.outputs.length];
	const own = partsOf(both.inputs.slice(0, n), closed, carried);
	const tangents = partsOf(both.inputs.slice(n), ...countsIn(inputs, closed, carried));
	const [carry, , moved] = partsOf(both.outputs, carried, m - carried);
	return {
		body: {
			inputs: own.flatMap((part, i) => [...part, ...tangents[i]!]),
			instructions: both.instructions,
			outputs: [...carry!, ...moved!],
		},
		inputs,
		outputs,
	};
}

/** The loop that takes tangents forward; after the carry come those of all results that vary. */
export function forwardLoop(
	{ body, inputs: varies }: Forward,
	inputs: readonly Tensor[],
	{ closed, carried, ...rest }: LoopParams,
	tangents: readonly (Tensor | null)[],
): Recurrence {
	const all = orZeros(tangents, inputs);
	const own = partsOf(inputs, closed, carried);
	const moved = partsOf(marked(all, varies), ...countsIn(varies, closed, carried));
	const [fixed, carry, xs] = own.map((part, i) => [...part, ...moved[i]!]);
	return { ...rest, body, closed: fixed!, carry: carry!, xs: xs! };
}

/** A step, and a step of its derivative backward. */
export interface Backward {
	/** The step, which gives also what the step backward needs. */
	readonly forward: Program;
	/**
	 * Takes what is closed over; the cotangents of the carry, and sums of those of what is closed
	 * over; then what the step read, what it kept, and the cotangents of what it gave.
	 */
	readonly body: Program;
	/** Which inputs of the step vary, and which of its outputs. */
	readonly inputs: readonly boolean[];
	readonly outputs: readonly boolean[];
}

/** The derivative backward of a step that is repeated, where these of its inputs vary. */
export function backwardOf(
	body: Program,
	given: readonly boolean[],
	{ closed, carried }: Counts,
): Backward {
	const { inputs, outputs } = varyingStep(body, given, closed, carried);
	const both = cotangentProgram(body, inputs, outputs);
	const [n, m] = [body.inputs.length, body.outputs.length];
	const { forward, backward } = takeApart(both, { closed, carried, inputs: n, outputs: m });
	const [fixedCount, carryCount] = countsIn(inputs, closed, carried);
	const cotangents = outputs.filter(Boolean).length;
	const [fixed, read, ofCarry, ofYs] = partsOf(
		backward.inputs,
		closed,
		backward.inputs.length - closed - cotangents,
		carryCount!,
	);
	const [toFixed, toCarry, toXs] = partsOf(backward.outputs, fixedCount!, carryCount!);
	const sums = toFixed!.map(({ type }): Input => ({ kind: "input", type }));
	const added = toFixed!.map((g, i) => instructionOf(add.op, [sums[i]!, g], null));
	return {
		forward,
		body: {
			inputs: [...fixed!, ...ofCarry!, ...sums, ...read!, ...ofYs!],
			instructions: [...backward.instructions, ...added],
			outputs: [...toCarry!, ...added, ...toXs!],
		},
		inputs,
		outputs,
	};
}

/**
 * The loop that takes cotangents back; it gives those of the carry, of what is closed over and of
 * what is read, each where it varies.
 * @param kept what the loop kept at all steps
 * @param cotangents of its results
 */
export function backwardLoop(
	{ body, inputs: varies, outputs }: Backward,
	inputs: readonly Tensor[],
	{ closed, carried, reverse, ...rest }: LoopParams,
	kept: readonly Tensor[],
	cotangents: readonly Tensor[],
): Recurrence {
	const [fixed, , xs] = partsOf(inputs, closed, carried);
	const [ofCarry, ofYs] = partsOf(cotangents, carried);
	const [carryMarks, ysMarks] = partsOf(outputs, carried);
	const summed = marked(fixed!, varies.slice(0, closed));
	const sums = orZeros([], summed);
	return {
		...rest,
		reverse: !reverse,
		body,
		closed: fixed!,
		carry: [...marked(ofCarry!, carryMarks!), ...sums],
		xs: [...xs!, ...kept, ...marked(ofYs!, ysMarks!)],
	};
}

/** What such a loop gives, in the order of the inputs; null for what does not vary. */
export function inInputOrder(
	results: readonly Tensor[],
	varies: readonly boolean[],
	{ closed, carried }: Counts,
): (Tensor | null)[] {
	const [fixed, carry] = countsIn(varies, closed, carried);
	const [toCarry, toFixed, toXs] = partsOf(results, carry!, fixed!);
	let at = 0;
	const all = [...toFixed!, ...toCarry!, ...toXs!];
	return varies.map((does) => (does ? all[at++]! : null));
}

/** A list taken apart: parts of these sizes, and the rest. */
function partsOf<T>(list: readonly T[], ...sizes: readonly number[]): T[][] {
	let start = 0;
	return [...sizes, list.length].map((size) => {
		const part = list.slice(start, start + size);
		start += size;
		return part;
	});
}

/** How many of those closed over vary, and how many of those handed on. */
function countsIn(varies: readonly boolean[], closed: number, carried: number): number[] {
	return partsOf(varies, closed, carried)
		.slice(0, 2)
		.map((part) => part.filter(Boolean).length);
}
