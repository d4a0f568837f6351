import type * as fc from "fast-check";
import { isFloat } from "../core/dtype.ts";
import { apply, type Domain, type Draw, type Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { type Shape, sameShape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { sigmoid, tanh } from "../ops/exponential.ts";
import { take } from "../ops/indexing.ts";
import {
	constantNumber,
	constantOf,
	type Input,
	type Instruction,
	instructionOf,
	type Value,
} from "../program/program.ts";
import { reshape } from "../structure/layout.ts";
import { drawn } from "./arbitrary-draw.ts";
import { RandomProgram, simplerPrograms } from "./random-program.ts";
import { records } from "./records.ts";
import { drawFrom, numbersFrom } from "./sampling.ts";

/** What programs to draw. */
export interface ProgramOptions {
	/**
	 * The ops to draw from, by their records; left out: all of them. Those without a derivative in
	 * float64 are passed over.
	 */
	readonly ops?: readonly Op[];
	/** Left out: 3. */
	readonly minOps?: number;
	/** Left out: 15. Ops that fit one result to the next come on top. */
	readonly maxOps?: number;
}

/**
 * Whole programs: ops on arguments and on the results of other ops, some of which are used several
 * times. An op's own `sample` gives its parameters and its inputs, and an input may be replaced by
 * an earlier value, brought to the shape and into the domain that was asked for. Programs keep away
 * from kinks and from large numbers. They shrink to fewer ops and simpler numbers, and in the end
 * to few statements at the values that reached them.
 */
export function programs(options: ProgramOptions = {}): fc.Arbitrary<RandomProgram> {
	return drawn(programFrom(options), simplerPrograms);
}

/** What draws such a program, to be used inside of something larger. */
export function programFrom(options: ProgramOptions = {}): (draw: Draw) => RandomProgram {
	const { ops = records, minOps = 3, maxOps = 15 } = options;
	const usable = ops.filter(isUsable);
	return (draw) => {
		const program = new Growing(draw);
		for (let left = draw.integer(minOps, maxOps); left > 0; left--) program.grow(draw.pick(usable));
		return program.finished();
	};
}

/** Whether an op has a derivative in float64, as a trial says. */
function isUsable(op: Op): boolean {
	if (op.differential === null || op.sample === undefined) return false;
	const { inputs, params } = op.sample(drawFrom(numbersFrom(0)));
	return op.infer(inputs, params).dtype === "float64";
}

/** Values are kept below this size, so that no derivative grows beyond what differences resolve. */
const LARGEST = 2;
/**
 * How far elements may move from where they were drawn: in a domain with exceptions, and otherwise.
 */
const [AWAY, CLOSE] = [1 / 8, 1 / 32];

/** A program while it is drawn, with what its values are at the arguments. */
class Growing {
	private readonly draw: Draw;
	private readonly inputs: Input[] = [];
	private readonly instructions: Instruction[] = [];
	private readonly tensors = new Map<Value, Tensor>();

	constructor(draw: Draw) {
		this.draw = draw;
	}

	/** Adds an op, on new arguments or on what there is. */
	grow(op: Op): void {
		const { watching, sourceOf } = watched(this.draw);
		const { inputs, params } = op.sample!(watching);
		const values = inputs.map((x) =>
			isFloat(x.dtype) ? this.inputFor(x, sourceOf(x)) : constantOf(x),
		);
		this.add(op, values, params);
	}

	/** The program as it is; its outputs are the results that nothing uses. */
	finished(): RandomProgram {
		const { inputs, instructions } = this;
		const used = new Set(instructions.flatMap((step) => step.inputs));
		const outputs = instructions.filter((step) => !used.has(step));
		return new RandomProgram(
			{ inputs, instructions, outputs },
			inputs.map((input) => this.tensors.get(input)!),
		);
	}

	/** An earlier value in place of `x`, or `x` as a new argument. */
	private inputFor(x: Tensor, source: Source): Value {
		const known = [...this.tensors]
			.filter(([, tensor]) => tensor.size > 0 && largestElement(tensor) < Number.POSITIVE_INFINITY)
			.map(([value]) => value);
		if (known.length > 0 && x.size > 0 && this.draw.integer(0, 3) > 0) {
			const back = this.draw.integer(0, 1) === 0 ? 1 : this.draw.integer(1, known.length);
			return this.into(this.resized(known.at(-back)!, x.shape), x, source);
		}
		const input: Input = { kind: "input", type: { shape: x.shape, dtype: x.dtype } };
		this.inputs.push(input);
		this.tensors.set(input, x);
		return input;
	}

	private add(op: Op, inputs: readonly Value[], params: Data): Value {
		const step = instructionOf(op, inputs, params);
		const given = inputs.map((x) => (x.kind === "constant" ? x.tensor : this.tensors.get(x)!));
		this.instructions.push(step);
		this.tensors.set(step, apply(op, given, params));
		return step;
	}

	/** The elements of a value, repeated or cut off, in another shape, as `np.resize` has them. */
	private resized(value: Value, shape: Shape): Value {
		if (sameShape(value.type.shape, shape)) return value;
		const [from, to] = [sizeOf(value.type.shape), sizeOf(shape)];
		const flat = this.reshaped(value, [from]);
		if (from === to) return this.reshaped(flat, shape);
		const indices = Int32Array.from({ length: to }, (_, i) => i % from);
		const taken = constantOf(new Tensor(indices, "int32", [to]));
		return this.reshaped(this.add(take.op, [flat, taken], { axis: 0 }), shape);
	}

	private reshaped(value: Value, shape: Shape): Value {
		return sameShape(value.type.shape, shape) ? value : this.add(reshape.op, [value], { shape });
	}

	/**
	 * A value brought into the domain from which `x` was drawn: scaled down, squashed into an
	 * interval, or kept near `x`.
	 */
	private into(value: Value, x: Tensor, source: Source): Value {
		const { shape } = x;
		const number = (of: number) => constantNumber(of, { shape, dtype: "float64" });
		const times = (one: Value, factor: number) => this.add(mul.op, [one, number(factor)], null);
		const largest = largestElement(this.tensors.get(value)!);
		const small =
			largest <= LARGEST ? value : times(value, 2 ** -Math.ceil(Math.log2(largest / LARGEST)));
		const near = (radius: number) =>
			this.add(add.op, [times(this.add(tanh.op, [small], null), radius), constantOf(x)], null);
		if (source === "distinct" || source === "made") return near(CLOSE);
		const { min, max, avoid = [] } = source.domain ?? {};
		if (avoid.length > 0) return near(AWAY);
		if (min === undefined && max === undefined) return small;
		if (min === undefined || max === undefined) return near(AWAY);
		const part = times(this.add(sigmoid.op, [small], null), max - min);
		return this.add(add.op, [part, number(min)], null);
	}
}

/**
 * How a sample came by an input: drawn from a domain, drawn distinct, or made of something that was
 * drawn.
 */
type Source = { readonly domain: Domain | undefined } | "distinct" | "made";

/** A draw that remembers where the tensors that it gives came from. */
function watched(draw: Draw): { watching: Draw; sourceOf: (x: Tensor) => Source } {
	const sources = new Map<Tensor, Source>();
	const noted = (x: Tensor, source: Source) => {
		sources.set(x, source);
		return x;
	};
	const watching: Draw = {
		...draw,
		tensor: (shape, domain) => noted(draw.tensor(shape, domain), { domain }),
		distinct: (shape) => noted(draw.distinct(shape), "distinct"),
	};
	return { watching, sourceOf: (x) => sources.get(x) ?? "made" };
}

/** The greatest size of an element; NaN if one is NaN. */
function largestElement(x: Tensor): number {
	let most = 0;
	for (const element of elements(x)) most = Math.max(most, Math.abs(element));
	return most;
}
