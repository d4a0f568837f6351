import { sizeOf } from "../core/shape.ts";
import type { Instruction } from "../program/program.ts";
import { type Buffer, bytesOf, type Source } from "./buffers.ts";
import { type Expression, formulasIn } from "./expression.ts";
import type {
	Convolution,
	ElementwiseLoop,
	IndexedLoop,
	ScanLoop,
	SliceLoop,
	Wanted,
} from "./kernel.ts";
import type { Lifetime } from "./memory.ts";
import { flopsOf, type Matrices, type Reading } from "./products.ts";

/** Something that a program does in one go: from elements in buffers to other buffers. */
export type Step =
	| LoopStep
	| SliceStep
	| ProductStep
	| ConvolutionStep
	| ScatterStep
	| IndexedStep
	| ScanStep
	| EvaluationStep;

interface Transfer {
	readonly reads: readonly Source[];
	readonly writes: readonly Source[];
	/** What of the program it computes; nothing for a copy of a result. */
	readonly members: readonly Instruction[];
}

/** A loop over elements. */
export interface LoopStep extends Transfer {
	readonly kind: "loop";
	readonly loop: ElementwiseLoop;
}

/** Slices that are reduced or normalized, after a loop over their elements. */
export interface SliceStep extends Transfer {
	readonly kind: "reduction";
	readonly loop: SliceLoop;
}

/**
 * A product, its first two reads, and the loop over its elements: what it gives is the first input
 * of the loop.
 */
export interface Finished {
	readonly reads: readonly Source[];
	readonly writes: readonly Source[];
	readonly loop: ElementwiseLoop;
	/** How the loop reads each of its other inputs. */
	readonly readings: readonly Reading[];
}

/** A product of matrices, and a loop over its elements. */
export interface ProductStep extends Transfer, Finished {
	readonly kind: "product";
	readonly matrices: Matrices;
}

/**
 * A convolution or one of its transposes, of operands in row-major order, and a loop over its
 * elements.
 */
export interface ConvolutionStep extends Transfer, Finished {
	readonly kind: "convolution";
	readonly convolution: Convolution;
	readonly wanted: Wanted;
	readonly instruction: Instruction;
}

/** Windows added up where they lie in images. */
export interface ScatterStep extends Transfer {
	readonly kind: "scatter";
	readonly instruction: Instruction;
}

/** Elements read from where indices say, or put there: it reads the elements and the indices. */
export interface IndexedStep extends Transfer {
	readonly kind: "indexed";
	readonly indexed: IndexedLoop;
}

/** Lines along which something is carried on. */
export interface ScanStep extends Transfer {
	readonly kind: "scan";
	readonly scan: ScanLoop;
}

/** An op's own evaluation. */
export interface EvaluationStep extends Transfer {
	readonly kind: "evaluation";
	readonly instruction: Instruction;
}

/** The expressions that a step computes for elements. */
export function expressionsIn(step: Step): Expression[] {
	if (!("loop" in step)) return [];
	const stored = step.loop.outputs.map(({ value }) => value);
	if (step.kind !== "reduction") return stored;
	const reduced = step.loop.passes.flatMap((pass) =>
		pass.kind === "first" ? [pass.of] : pass.reductions.map(({ of }) => of),
	);
	return [...stored, ...reduced];
}

/**
 * How many operations on numbers a step is: each op counts as one, for each element, and each term
 * of a sum as two.
 */
export function workOf(step: Step): number {
	if (step.kind === "evaluation") return 0;
	if (step.kind === "scatter") return sizeOf(step.reads[0]!.shape);
	if (step.kind === "indexed") return sizeOf(step.indexed.shape);
	if (step.kind === "scan") return sizeOf(step.scan.shape);
	const expressions = expressionsIn(step);
	const ops =
		formulasIn(expressions).size + (step.kind === "reduction" ? step.loop.passes.length : 0);
	const elements = sizeOf(step.loop.shape) * Math.max(1, ops);
	const after = sizeOf(step.loop.shape) * ops;
	if (step.kind === "product") return flopsOf(step.matrices) + after;
	return step.kind === "convolution" ? flopsByFacts(step.instruction) + after : elements;
}

/** What the op's record says. */
function flopsByFacts({ op, inputs, type, params }: Instruction): number {
	const shapes = inputs.map((input) => input.type.shape);
	return op.facts!.flops!(shapes, type.shape, params);
}

/**
 * For the buffers that are only needed on the way, the steps during which they are; some take the
 * place of one that has been read.
 */
export function lifetimesOf(steps: readonly Step[]): Lifetime[] {
	const lastRead = new Map<Buffer, number>();
	for (const [at, { reads }] of steps.entries()) {
		for (const { buffer } of reads) lastRead.set(buffer, at);
	}
	const lifetimes = new Map<Buffer, { buffers: Buffer[]; from: number; to: number }>();
	for (const [at, step] of steps.entries()) {
		for (const { buffer } of step.reads) {
			const lifetime = lifetimes.get(buffer);
			if (lifetime !== undefined) lifetime.to = at;
		}
		const free = step.reads.filter(({ buffer }) => lastRead.get(buffer) === at);
		for (const write of step.writes) {
			if (write.buffer.use.kind !== "scratch") continue;
			// Several steps may write parts of a buffer.
			const begun = lifetimes.get(write.buffer);
			if (begun !== undefined) {
				begun.to = at;
				continue;
			}
			const place = free.find(
				(read) => lifetimes.has(read.buffer) && canReplace(step, write, read),
			);
			const lifetime = place && lifetimes.get(place.buffer);
			if (lifetime === undefined) {
				lifetimes.set(write.buffer, { buffers: [write.buffer], from: at, to: at });
			} else {
				free.splice(0, free.length, ...free.filter(({ buffer }) => buffer !== place!.buffer));
				lifetime.buffers.push(write.buffer);
				lifetimes.set(write.buffer, lifetime);
			}
		}
	}
	return [...new Set(lifetimes.values())];
}

/**
 * Whether a loop may store a result where it reads an input for the last time: it reads each
 * element before it stores it, and no other.
 */
function canReplace(step: Step, write: Source, read: Source): boolean {
	if (step.kind !== "loop" || bytesOf(write.buffer) !== bytesOf(read.buffer)) return false;
	const isInPlace = ({ buffer, strides, offset }: Source) =>
		buffer.size === write.buffer.size &&
		offset === 0 &&
		write.offset === 0 &&
		strides.join() === write.strides.join();
	return step.reads.every((other) => other.buffer !== read.buffer || isInPlace(other));
}
