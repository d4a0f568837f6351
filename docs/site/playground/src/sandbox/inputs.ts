// Tensors from the table of inputs.
import { eye, ones, random, type Tensor, tensor } from "adjoint";
import type { Input, Kind, Program } from "../protocol.ts";
import { axesOf, factorOf, sizeName } from "./axes.ts";
import { CodeError } from "./evaluate.ts";
import { DIGITS } from "./module-names.ts";
import { load } from "./modules.ts";

/** So many elements an argument may have: more would not be read, and take long. */
const MOST_ELEMENTS = 1e6;

/** Kinds whose rows add up to 1. */
const DISTRIBUTIONS: readonly Kind[] = ["oneHot", "probabilities", "labels"];

/** The module of digits, which the build makes. */
interface Digits {
	/** One figure an image. */
	readonly labels: string;
	/** Their bytes, row by row, one image after the other, in base64. */
	readonly pixels: string;
	/** How high and wide an image is. */
	readonly side: number;
}

/** The arguments of the reader's function. */
export interface Arguments {
	/** The first argument, with respect to whose tensors the gradient is taken. */
	readonly params: Readonly<Record<string, Tensor>>;
	/** The others in order. */
	readonly data: Readonly<Record<string, Tensor>>;
	/** The names of the axes of each. */
	readonly axes: Readonly<Record<string, readonly string[]>>;
	/** Those whose rows add up to 1, with the axis. */
	readonly distributions: Readonly<Record<string, number>>;
}

/** @throws CodeError when a row of the table says nothing that can be made */
export async function argumentsOf(program: Program): Promise<Arguments> {
	const { inputs, seed } = program;
	const keys = random.split(random.key(seed), Math.max(1, inputs.length));
	const params: Record<string, Tensor> = {};
	const data: Record<string, Tensor> = {};
	const axes: Record<string, readonly string[]> = {};
	const distributions: Record<string, number> = {};
	for (const [i, input] of inputs.entries()) {
		const { name } = input;
		if (!/^[A-Za-z]\w*$/.test(name)) throw new CodeError(`inputs: "${name}" is no name`);
		if (Object.hasOwn({ ...params, ...data }, name))
			throw new CodeError(`inputs: there are two ${name}`);
		const made = await tensorOf(input, program, keys[i]!);
		(input.gradient ? params : data)[name] = made;
		if (input.kind !== "values" && input.kind !== "number") axes[name] = axesOf(input);
		if (DISTRIBUTIONS.includes(input.kind)) distributions[name] = made.rank - 1;
	}
	if (Object.keys(params).length === 0) {
		throw new CodeError("inputs: tick the gradient of at least one of them");
	}
	return { params, data, axes, distributions };
}

async function tensorOf(input: Input, program: Program, key: Tensor): Promise<Tensor> {
	const { name, kind, value } = input;
	const { dtype } = program;
	if (kind === "number") return tensor(numberIn(name, value), { dtype });
	if (kind === "values") return tensor(rowsIn(name, value), { dtype });
	const shape = axesOf(input).map((axis) => sizeOf(name, axis, program));
	const size = shape.reduce((product, each) => product * each, 1);
	if (size > MOST_ELEMENTS) {
		throw new CodeError(`inputs: ${name} has ${size} elements; a million are the most`);
	}
	const classes = shape.at(-1);
	const isOfRows = kind === "oneHot" || kind === "probabilities";
	if (isOfRows && classes === undefined) {
		throw new CodeError(`inputs: ${name} needs an axis of classes`);
	}
	const isSquare = shape.length === 2 && shape[0] === shape[1];
	if ((kind === "definite" || kind === "regular") && !isSquare) {
		throw new CodeError(`inputs: ${name} is to be a square matrix, and is ${shape.join("×")}`);
	}
	const normal = () => random.normal(key, shape, { dtype });
	switch (kind) {
		case "normal":
			return normal();
		case "uniform":
			return random.uniform(key, shape, { dtype });
		case "positive":
			return random.uniform(key, shape, { low: 0.5, high: 2, dtype });
		case "ones":
			return ones(shape, { dtype });
		case "signs":
			return normal().sign();
		case "bits":
			return normal().greater(0).astype(dtype);
		case "oneHot": {
			const places = random.randint(key, shape.slice(0, -1), 0, classes!);
			return eye(classes!, { dtype }).take(places, 0);
		}
		case "probabilities":
			return normal().softmax(-1);
		case "whole":
			return random.randint(key, shape, 0, boundOf(input, program));
		case "definite": {
			const x = normal();
			return x.dot(x.T).div(classes!).add(eye(classes!, { dtype }));
		}
		case "regular":
			// Far from singular.
			return normal().mul(0.3).add(eye(classes!, { dtype }).mul(1.5));
		case "digits":
		case "labels":
			return digits(name, kind, shape, dtype);
	}
}

/** What whole numbers are below: a number, or the size of an axis. */
function boundOf({ name, value }: Input, program: Program): number {
	return Object.hasOwn(program.sizes, value)
		? sizeOf(name, value, program)
		: Math.max(1, Math.trunc(numberIn(name, value)));
}

/** The first digits, a row of pixels from 0 to 1 each, or their labels as one-hot rows. */
async function digits(
	name: string,
	kind: "digits" | "labels",
	shape: readonly number[],
	dtype: Program["dtype"],
): Promise<Tensor> {
	const { labels, pixels, side } = await load<Digits>(DIGITS);
	const width = kind === "digits" ? side * side : 10;
	const [count = 0] = shape;
	if (shape.length !== 2 || shape[1] !== width || count > labels.length) {
		throw new CodeError(
			`inputs: ${name} has to be N×${width}, with N at most ${labels.length}, and is ${shape.join("×")}`,
		);
	}
	if (kind === "labels") {
		const places = tensor([...labels.slice(0, count)].map(Number), { dtype: "int32" });
		return eye(10, { dtype }).take(places, 0);
	}
	const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
	const values = [...bytes.subarray(0, count * width)].map((value) => value / 255);
	return tensor(values, { dtype }).reshape([count, width]);
}

function sizeOf(name: string, axis: string, { sizes }: Program): number {
	const given = sizeName(axis);
	const size = factorOf(axis) * (Object.hasOwn(sizes, given) ? sizes[given]! : Number.NaN);
	if (Number.isInteger(size) && size > 0) return size;
	throw new CodeError(`inputs: ${name} has an axis ${axis}, whose size is no whole number above 0`);
}

function numberIn(name: string, text: string): number {
	const value = Number(text);
	if (text.trim() !== "" && Number.isFinite(value)) return value;
	throw new CodeError(`inputs: ${name} is to be a number, and is "${text}"`);
}

/** `1 2; 3 4` as rows; one row alone is a vector. */
function rowsIn(name: string, text: string): number[] | number[][] {
	const rows = text
		.split(";")
		.map((row) => row.split(/[\s,]+/).filter((part) => part !== ""))
		.filter((row) => row.length > 0)
		.map((row) => row.map((part) => numberIn(name, part)));
	const [first] = rows;
	if (first === undefined || rows.some(({ length }) => length !== first.length)) {
		throw new CodeError(`inputs: ${name} is to be rows of the same length, as in 1 2; 3 4`);
	}
	return rows.length === 1 ? first : rows;
}
