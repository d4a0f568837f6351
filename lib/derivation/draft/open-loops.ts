import { boundedLoop, type PulledLoop, pulledBy, stepOf } from "../../control/loop-origins.ts";
import { type LoopParams, resultTypes } from "../../control/model.ts";
import type { Op, TensorType } from "../../core/op.ts";
import type { Data } from "../../core/params.ts";
import { sameShape, sizeOf } from "../../core/shape.ts";
import { add } from "../../ops/arithmetic.ts";
import { astype } from "../../ops/cast.ts";
import { concat } from "../../ops/joining.ts";
import { addSlices, slice, unslice } from "../../ops/sections.ts";
import { Builder, uniformNumber } from "../../program/builder.ts";
import {
	bodiesOf,
	constantNumber,
	type Instruction,
	instructionOf,
	type Program,
	type Value,
} from "../../program/program.ts";
import { type Rewritten, rewrite } from "../../program/rewrite.ts";
import { reshape } from "../../structure/layout.ts";
import { openedChoice } from "./open-choices.ts";
import { type Opened, OpenedOps } from "./opened-ops.ts";

/** A loop of a recorded program, opened: its step is known, and its results are parts. */
export interface OpenLoop extends Opened {
	/** The step as the user wrote it. */
	readonly body: Program;
	/** The step as it runs: it may give what the way back needs, too. */
	readonly whole: Program;
	/** The loop that it takes cotangents back through, if it does. */
	readonly pulled: PulledLoop | undefined;
}

const loops = new OpenedOps<OpenLoop>((op) => {
	const [whole] = bodiesOf(op) as [Program];
	return { body: stepOf(op) ?? whole, whole, pulled: pulledBy(op) };
});

/** A loop with a test, opened: its results are parts. */
export interface OpenWhile extends Opened {
	readonly test: Program;
	readonly step: Program;
}

const whiles = new OpenedOps<OpenWhile>((op) => {
	const [test, step] = bodiesOf(op) as [Program, Program];
	return { test, step };
});

/** The loop with a test that a value of an opened program stands for. */
export const whileBy = (value: Value): OpenWhile | undefined => whiles.by(value);

/** The loop that a value of an opened program stands for; undefined for any other value. */
export const loopBy = (value: Value): OpenLoop | undefined => loops.by(value);

/** The op that stands for one with bodies, and the types of its results. */
export interface OpenedOp {
	readonly op: Op;
	readonly types: readonly TensorType[];
}

/** Opens ops of some kind; null for others. */
export type Opening = (op: Op, params: Data) => OpenedOp | null;

/** Opens loops with a test, as whose derivations are not written. */
export const openedWhile: Opening = (op) => {
	if (op.lowering !== "while") return null;
	return { op: whiles.open(op), types: typesOf(bodiesOf(op)[1]!) };
};

/** Opens loops of a number of steps that is known, and choices. */
const openedBlock: Opening = (op, params) => {
	const body = bodiesOf(op)[0]!;
	if (op.lowering === "choice") return { op: openedChoice(op), types: typesOf(body) };
	if (op.lowering !== "repeat") return null;
	return { op: loops.open(op), types: resultTypes(body, params as LoopParams) };
};

function typesOf({ outputs }: Program): TensorType[] {
	return outputs.map(({ type }) => type);
}

/** The loop that a value is one of the results of, and which; null for any other value. */
export function partOf(value: Value): { loop: Instruction; index: number } | null {
	if (value.kind !== "instruction" || value.op !== part) return null;
	return {
		loop: value.inputs[0] as Instruction,
		index: (value.params as unknown as PartParams).index,
	};
}

type PartParams = Pick<TensorType, "dtype"> & {
	readonly index: number;
	readonly start: number;
	readonly shape: number[];
};

/** One of the results of a loop, which travel as one tensor. */
const part: Op<"part"> = {
	name: "part",
	infer: (_, { shape, dtype }: PartParams) => ({ shape, dtype }),
	evaluate: ([x], { start, shape, dtype }: PartParams) => {
		const flat = reshape(x!, [x!.size]);
		return astype(reshape(slice(flat, [start, start + sizeOf(shape)]), shape), dtype);
	},
	differential: null,
	lowering: "view",
	print: ([x], { index }: PartParams) => `${x}[${index}]`,
	traits: { view: true },
};

/**
 * One of the results of a loop.
 * @param types those of all of them
 */
export function resultOf(
	loop: Instruction,
	index: number,
	types: readonly TensorType[],
): Instruction {
	const before = types.slice(0, index).map(({ shape }) => sizeOf(shape));
	const start = before.reduce((total, size) => total + size, 0);
	const { shape, dtype } = types[index]!;
	return instructionOf(part, [loop], { index, start, shape: [...shape], dtype });
}

/** So many elements of a loop's packed result, from a place on. */
interface Span {
	readonly loop: Instruction;
	readonly start: number;
	readonly size: number;
}

/**
 * A recorded program in which the results of loops are parts of them, rather than sections of one
 * vector, and so are the cotangents that go back into them.
 * @param further opens other ops with bodies; left out: none is. A loop with a test that takes at
 * most so many steps is a loop of so many steps in any case
 */
export function openLoops(program: Program, further: Opening = () => null): Rewritten {
	const spans = new Map<Value, Span>();
	const partTypes = new Map<Value, readonly TensorType[]>();
	// Equal loops are one, as they are for the engine.
	const builder = new Builder();
	const known = new Map<Value, Instruction>();
	const loopFor = (
		{ op, params }: Instruction,
		inputs: readonly Value[],
		opened: Op,
	): Instruction => {
		const one = builder.apply(op, inputs, params);
		const loop = known.get(one) ?? { ...one, op: opened };
		known.set(one, loop);
		return loop;
	};
	/** The part that this span is in this type; else the value as it is. */
	const asPart = (value: Value, span: Span): Value => {
		spans.set(value, span);
		let start = 0;
		for (const [index, { shape, dtype }] of partTypes.get(span.loop)!.entries()) {
			const size = sizeOf(shape);
			// A section without elements does not tell where it was.
			const isThis = size === span.size && (start === span.start || size === 0);
			if (isThis && dtype === value.type.dtype && sameShape(shape, value.type.shape)) {
				const none = withoutSteps(span.loop, index, value.type);
				if (none !== null) return none;
				const { op, params } = resultOf(span.loop, index, partTypes.get(span.loop)!);
				const result = builder.apply(op, [span.loop], params);
				spans.set(result, span);
				return result;
			}
			start += size;
		}
		return value;
	};
	return rewrite(program, {
		constant: (value) => builder.adopt(value),
		apply: (given, inputs) => {
			const step: Instruction = { ...given, ...boundedLoop(given.op) };
			const { op, params } = step;
			const opened = openedBlock(op, params) ?? further(op, params);
			if (opened !== null) {
				const { types } = opened;
				const loop = loopFor(step, inputs, opened.op);
				partTypes.set(loop, types);
				const size = sizeOf(loop.type.shape);
				spans.set(loop, { loop, start: 0, size });
				// Where all others are empty, as of no steps, one is the whole vector.
				const isOne = types.filter(({ shape }) => sizeOf(shape) > 0).length <= 1;
				return isOne ? asPart(loop, { loop, start: 0, size }) : loop;
			}
			const made = builder.apply(op, inputs, params);
			const [x] = inputs as [Value];
			// Nothing was placed in these zeros.
			if (op === unslice.op && sizeOf(x!.type.shape) === 0) return constantNumber(0, step.type);
			const span = x === undefined ? undefined : spans.get(x);
			if (op === slice.op && x.type.shape.length === 1) {
				const [{ start, step: stride, size, dropped }] = (params as Sections).sections as [Section];
				if (stride !== 1 || dropped) return made;
				if (span !== undefined) return asPart(made, { ...span, start: span.start + start, size });
				return sectionOf(x, start, size) ?? made;
			}
			const isSame = op === reshape.op || op === astype.op;
			return isSame && span !== undefined ? asPart(made, span) : made;
		},
	});
}

/** A result of a loop that takes no step: what it starts from, or nothing; null otherwise. */
function withoutSteps(loop: Instruction, index: number, type: TensorType) {
	if (loopBy(loop) === undefined) return null;
	const { inputs, params } = loop;
	const { length, closed, carried } = params as LoopParams;
	if (length > 0) return null;
	return index < carried ? inputs[closed + index]! : constantNumber(0, type);
}

type Section = { start: number; step: number; size: number; dropped: boolean };
type Sections = { readonly sections: readonly Section[] };

/** A section of a vector that was put together from parts; null where it cannot be told. */
function sectionOf(x: Value, start: number, size: number): Value | null {
	if (x.type.shape[0] === size) return x;
	if (size === 0) return zerosLike(x, 0);
	if (x.kind !== "instruction") return uniformNumber(x) === 0 ? zerosLike(x, size) : null;
	if (x.op === unslice.op) {
		const [section] = (x.params as Sections).sections as [Section];
		return sectionOfPlaced(x.inputs[0]!, section, start, size);
	}
	if (x.op === addSlices.op) {
		const { parts } = x.params as { parts: readonly (readonly Section[])[] };
		return sumOf(parts.map(([section], i) => sectionOfPlaced(x.inputs[i]!, section!, start, size)));
	}
	if (x.op === concat.op) {
		let from = 0;
		for (const part of x.inputs) {
			const length = part.type.shape[0]!;
			if (from <= start && start + size <= from + length)
				return sectionOf(part, start - from, size);
			from += length;
		}
		return null;
	}
	if (x.op !== add.op) return null;
	return sumOf(x.inputs.map((term) => sectionOf(term, start, size)));
}

/** A section of a vector of zeros in which elements have been placed. */
function sectionOfPlaced(
	elements: Value,
	{ start: from, step, size: length }: Section,
	start: number,
	size: number,
): Value | null {
	if (step !== 1) return null;
	if (start + size <= from || from + length <= start) return zerosLike(elements, size);
	if (start < from || start + size > from + length) return null;
	return sectionOf(elements, start - from, size);
}

function sumOf(terms: readonly (Value | null)[]): Value | null {
	if (terms.includes(null)) return null;
	const [first, ...others] = (terms as Value[]).filter((term) => uniformNumber(term) !== 0);
	if (first === undefined) return terms[0]!;
	return others.reduce((sum, term) => instructionOf(add.op, [sum, term], null), first);
}

function zerosLike({ type: { dtype } }: Value, size: number): Value {
	return constantNumber(0, { shape: [size], dtype });
}
