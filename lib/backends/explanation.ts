import { BYTES } from "../core/dtype.ts";
import { showShape, sizeOf } from "../core/shape.ts";
import type { BufferView } from "../schedule/buffers.ts";
import { type Kernel, workOf } from "../schedule/kernel.ts";
import type { Step } from "../schedule/step.ts";

/** One of the steps that a program runs as. */
export interface ExplainedStep {
	/**
	 * `loop`, `reduction`, `product`, `convolution`, `scatter`, `indexed` and `scan` are code of the
	 * backend; a `repeat` runs the steps of its body again and again, a `while` as long as its test
	 * holds, a `choice` those of one of its branches; an `evaluation` is the op's own, in JavaScript.
	 */
	readonly runs: Kernel["kind"];
	/** The ops that it does in one go, by name; "copy" where elements are only put in order. */
	readonly ops: readonly string[];
	/** The shapes of its results, and their dtype. */
	readonly results: readonly string[];
	/** Bytes of elements read and written. */
	readonly bytes: number;
	/** Operations on numbers; not known of an op's own evaluation, a `while` or a `choice`. */
	readonly flops: number | null;
	/** How many threads do parts of it. */
	readonly threads: number;
	/** How many rounds a `repeat` runs. */
	readonly rounds?: number;
	/** How it is computed where there are several ways, and by what measure that was chosen. */
	readonly choice?: string;
	/** What a GPU runs, as text in WGSL; nothing where the host does. */
	readonly code?: string;
	/** The steps of a round, of test and round, or of all branches, one after the other. */
	readonly body?: readonly ExplainedStep[];
}

/** What a compiled function does for arguments of one form; as a string, a table. */
export interface Explanation {
	/** The name of what runs it. */
	readonly backend: string;
	readonly steps: readonly ExplainedStep[];
	/** Bytes of the arena: constants, what is needed on the way, arguments and results. */
	readonly arenaBytes: number;
	/** Bytes of what is needed on the way, and what that would be if nothing shared its place. */
	readonly scratchBytes: number;
	readonly unsharedBytes: number;
	/** How many threads run it. */
	readonly threads: number;
	/** Whether its matrix products and convolutions multiply and add in one step, rounded once. */
	readonly fused: boolean;
	/** What stands in the way of running faster, if anything does. */
	readonly notes: readonly string[];
	readonly toString: () => string;
}

/** What a backend may say of a step besides. */
export type MoreOfStep = Pick<ExplainedStep, "choice" | "code">;

/** A step as a user would want to see it; `moreOf` adds what its backend knows of it. */
export function explainStep(
	step: Step,
	threadsOf: (step: Step) => number,
	moreOf: (step: Step) => MoreOfStep = () => ({}),
): ExplainedStep {
	const { kernel, reads, members } = step;
	// What else a loop writes is only its memory.
	const writes = step.bodies === undefined ? step.writes : step.writes.slice(0, 1);
	const explanation = {
		...moreOf(step),
		runs: kernel.kind,
		ops: members.length === 0 ? ["copy"] : members.map(({ op }) => op.name),
		results: writes.map(({ buffer, shape }) => `${buffer.dtype} ${showShape(shape)}`),
		bytes: [...reads, ...writes].reduce((sum, source) => sum + bytesIn(source), 0),
		flops: kernel.kind === "evaluation" ? null : workOf(kernel),
		threads: threadsOf(step),
	};
	if (step.bodies === undefined) return explanation;
	const body = step.bodies.flatMap(({ steps }) =>
		steps.map((x) => explainStep(x, threadsOf, moreOf)),
	);
	const together = Math.max(1, ...body.map(({ threads }) => threads));
	if (kernel.kind !== "repeat") return { ...explanation, flops: null, threads: together, body };
	const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
	return {
		...explanation,
		bytes: kernel.count * sum(body.map(({ bytes }) => bytes)),
		flops: kernel.count * sum(body.map(({ flops }) => flops ?? 0)),
		threads: together,
		rounds: kernel.count,
		body,
	};
}

/** Why ops run by their own evaluation that could do better. */
export function reasonsIn(steps: readonly Step[]): string[] {
	const reasons = steps.flatMap(({ kernel }) =>
		kernel.kind === "evaluation" ? (kernel.reason ?? []) : [],
	);
	return [...new Set(reasons)];
}

/** The bytes of the elements that a source shows; what it repeats counts once. */
function bytesIn({ buffer, shape, strides }: BufferView): number {
	return BYTES[buffer.dtype] * sizeOf(shape.filter((_, axis) => strides[axis] !== 0));
}

/** The explanation with its table. */
export function explained(parts: Omit<Explanation, "toString">): Explanation {
	return { ...parts, toString: () => tableOf(parts) };
}

function tableOf(parts: Omit<Explanation, "toString">): string {
	const rows = inOrder(parts.steps).map(({ step, depth }) => [
		"  ".repeat(depth) + step.runs + (step.rounds === undefined ? "" : ` ×${step.rounds}`),
		step.ops.join(" "),
		step.results.join(", "),
		step.flops === null ? "" : `${quantity(step.flops)}FLOP`,
		`${quantity(step.bytes)}B`,
		step.choice ?? (step.threads > 1 ? `${step.threads} threads` : ""),
	]);
	const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
	const line = (row: string[]) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ");
	return [
		...rows.map((row) => line(row).trimEnd()),
		`arena: ${quantity(parts.arenaBytes)}B, of them ${quantity(parts.scratchBytes)}B for what is needed on the way (${quantity(parts.unsharedBytes)}B unshared)`,
		`threads: ${parts.threads}`,
		...(parts.fused ? ["products: fused multiply-add"] : []),
		...parts.notes.map((note) => `note: ${note}`),
	].join("\n");
}

/** Each step before those of its body, with how many it is in. */
function inOrder(
	steps: readonly ExplainedStep[],
	depth = 0,
): { readonly step: ExplainedStep; readonly depth: number }[] {
	return steps.flatMap((step) => [{ step, depth }, ...inOrder(step.body ?? [], depth + 1)]);
}

/** `1.25 M`, `870 k` or `12 `: three digits and the thousands. */
function quantity(value: number): string {
	const power = value < 1000 ? 0 : value < 1e6 ? 1 : value < 1e9 ? 2 : 3;
	return `${Number((value / 1000 ** power).toPrecision(3))} ${["", "k", "M", "G"][power]}`;
}
