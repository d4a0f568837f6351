import { eye, ones } from "../core/create.ts";
import type { DType } from "../core/dtype.ts";
import { broadcastNumber } from "../core/lift.ts";
import { apply, type TensorType } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { sameShape } from "../core/shape.ts";
import { mul } from "../ops/arithmetic.ts";
import { Builder, uniformNumber } from "./builder.ts";
import { type ConstantForm, constantForm } from "./constants.ts";
import { isEqual, Probe } from "./probe.ts";
import type { Program } from "./program.ts";
import { type Constant, constantOf, type Input, instructionOf, type Value } from "./program.ts";
import { productOf, readSize } from "./sizes.ts";

type Point = ReadonlyMap<string, number>;

/** A function as it was recorded, and what was made of that. */
export interface Recording {
	readonly recorded: { readonly program: Program };
	readonly program: Program;
}

/** What both programs of a recording are at the sizes of the arguments. */
export interface Given {
	readonly recorded: Probe;
	readonly program: Probe;
}

/** The sizes that are wanted, and the inputs there. */
interface Wanted {
	readonly types: readonly TensorType[];
	readonly sizes: Point;
}

/** Relative rounding of the few operations that a number in a program went through. */
const ROUNDING = { float64: 1e-13, float32: 1e-6, int32: 1e-13, bool: 1e-13 };

/**
 * A recording at the sizes of the arguments, from what it is at others; null where that cannot be
 * read.
 * @param others the recordings that its probes are of
 */
export function atGiven(
	{ recorded, program }: Recording,
	sizes: Point,
	others: readonly Recording[],
	probes: readonly Probe[],
	wanted: Wanted,
): Given | null {
	const before = others.map((other, i) =>
		Probe.of(recorded.program, other.recorded.program, probes[i]!.sizes),
	);
	if (!before.every((probe) => probe !== null)) return null;
	const there = atSizes(recorded.program, sizes, before, wanted);
	const after = atSizes(program, sizes, probes, wanted);
	return there === null || after === null ? null : { recorded: there, program: after };
}

/**
 * The same program at other sizes, from what it is at several: a number that differs among them is
 * read as a product of sizes. So it has the structure that it has at sizes of which nothing special
 * is true, though at these 2/N may be 1.
 * @param sizes those of the program; `probes` have others
 * @param types of the inputs at the wanted sizes
 * @returns null where something follows sizes in a way that cannot be read
 */
function atSizes(
	program: Program,
	sizes: Point,
	probes: readonly Probe[],
	wanted: Wanted,
): Probe | null {
	const reader = new Reader([sizes, ...probes.map((probe) => probe.sizes)], wanted.sizes);
	const found = new Map<Value, Value>();
	for (const [i, input] of program.inputs.entries()) {
		const { shape, dtype } = wanted.types[i]!;
		const there: Input = { kind: "input", type: { shape, dtype } };
		found.set(input, there);
	}
	const readValue = (all: readonly Value[]): Value =>
		found.get(all[0]!) ?? reader.constant(all as readonly Constant[]);
	try {
		for (const step of program.instructions) {
			const all = [step, ...probes.map((probe) => probe.at(step) as typeof step)];
			const inputs = step.inputs.map((_, i) => readValue(all.map((each) => each.inputs[i]!)));
			const there = instructionOf(step.op, inputs, reader.data(all.map(({ params }) => params)));
			const shape = reader.shape(all);
			if (!sameShape(there.type.shape, shape)) return null;
			found.set(step, there);
		}
		const all = [program, ...probes.map((probe) => probe.program)];
		const outputs = program.outputs.map((_, i) => readValue(all.map((each) => each.outputs[i]!)));
		const instructions = program.instructions.map((step) => found.get(step) as typeof step);
		const inputs = program.inputs.map((input) => found.get(input) as Input);
		return Probe.of(program, { inputs, instructions, outputs }, wanted.sizes);
	} catch {
		// A number that cannot be read, or an op that does not take what was read.
		return null;
	}
}

/** Reads what follows sizes: from what it is at some, what it is at others. */
class Reader {
	private readonly points: readonly Point[];
	private readonly wanted: Point;
	private readonly builder = new Builder();

	constructor(points: readonly Point[], wanted: Point) {
		this.points = points;
		this.wanted = wanted;
	}

	shape(all: readonly Value[]): number[] {
		const [first] = all as [Value];
		return first.type.shape.map((_, axis) =>
			this.number(
				all.map(({ type }) => type.shape[axis]!),
				"int32",
			),
		);
	}

	data(all: readonly Data[]): Data {
		const [first] = all;
		if (typeof first === "number") {
			const isWhole = all.every(Number.isInteger);
			return this.number(all as readonly number[], isWhole ? "int32" : "float64");
		}
		if (Array.isArray(first)) {
			if (all.some((each) => (each as Data[]).length !== first.length))
				throw new RangeError("lists of several lengths");
			return first.map((_, i) => this.data(all.map((each) => (each as Data[])[i])));
		}
		if (typeof first === "object" && first !== null) {
			const keys = Object.keys(first);
			return Object.fromEntries(
				keys.map((key) => [key, this.data(all.map((each) => (each as Record<string, Data>)[key]))]),
			);
		}
		if (all.some((each) => each !== first)) throw new RangeError("parameters of several kinds");
		return first;
	}

	constant(all: readonly Constant[]): Constant {
		const [first, ...others] = all.map((each) => this.builder.adopt(each)) as [Constant];
		if (others.every((each) => isEqual(each, first))) return first;
		const { dtype } = first.type;
		const shape = this.shape(all);
		const numbers = [first, ...others].map(uniformNumber);
		if (numbers.every((number) => number !== null)) {
			return constantOf(broadcastNumber("derive", this.number(numbers, dtype), dtype, shape));
		}
		return this.formed(
			[first, ...others].map(({ tensor }) => constantForm(tensor)),
			shape,
			dtype,
		);
	}

	/** A constant by its constructor. */
	private formed(forms: readonly ConstantForm[], shape: number[], dtype: DType): Constant {
		const identities = forms.filter((form) => form.kind === "identity");
		if (identities.length === forms.length) {
			const factor = this.number(
				identities.map((form) => form.factor),
				dtype,
			);
			return constantOf(mul(eye(shape[0]!, { dtype }), factor));
		}
		const triangles = forms.filter((form) => form.kind === "triangle");
		const { op } = triangles[0] ?? {};
		if (op === undefined || triangles.filter((form) => form.op === op).length < forms.length) {
			throw new RangeError("elements that follow sizes");
		}
		const k = this.number(
			triangles.map((form) => form.k),
			"int32",
		);
		return constantOf(apply(op, [ones(shape, { dtype })], { k }));
	}

	private number(numbers: readonly number[], dtype: DType): number {
		const [first] = numbers as [number];
		if (numbers.every((x) => Object.is(x, first))) return first;
		const size = readSize(numbers, this.points, ROUNDING[dtype]);
		if (size === null) throw new RangeError("a number that is no product of sizes");
		const number = size.coefficient * productOf(size.factors, this.wanted);
		if (!numbers.every(Number.isInteger)) return number;
		const whole = Math.round(number);
		if (Math.abs(number - whole) > 1e-9 * whole) throw new RangeError("a rounded quotient");
		return whole;
	}
}
