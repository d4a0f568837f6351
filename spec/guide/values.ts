import { Tensor } from "../../lib/index.ts";

/** Numbers of a shape, as they go from one language to the other. */
export interface Numbers {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly data: readonly number[];
}

/** What an expression gives: numbers, a text such as the name of a dtype, or several of these. */
export type Value = Numbers | string | readonly Value[];

/**
 * What is wanted of an expression: its value and the gradient of it, its value alone, or its value
 * as the document says it, with the settings that a library has by itself.
 */
export type Mode = "gradient" | "value" | "said";

/** What became of an expression. */
export interface Outcome {
	readonly value?: Value;
	/**
	 * By input, the gradient of the sum of all elements of the value, each times a weight; null where
	 * the value has no gradient to compare.
	 */
	readonly gradient?: Readonly<Record<string, Numbers>> | null;
	readonly error?: string;
}

/** A value of this library, to be compared. */
export function toValue(x: unknown): Value {
	if (x instanceof Tensor) {
		return { dtype: x.dtype, shape: x.shape, data: [...x.data].map(Number) };
	}
	if (typeof x === "number") return { dtype: "number", shape: [], data: [x] };
	if (typeof x === "boolean") return { dtype: "bool", shape: [], data: [Number(x)] };
	if (typeof x === "string") return x;
	if (x instanceof Float64Array) return { dtype: "float64", shape: [x.length], data: [...x] };
	if (Array.isArray(x)) return x.map(toValue);
	if (typeof x === "object" && x !== null) {
		return Object.entries(x)
			.toSorted(([a], [b]) => (a < b ? -1 : 1))
			.map(([, part]) => toValue(part));
	}
	throw new TypeError(`a value that cannot be compared: ${String(x)}`);
}

const isNumbers = (value: Value): value is Numbers => typeof value === "object" && "data" in value;

/** Rounding alone: the sums of a library may run in any order. */
const TOLERANCE = 1e-11;
/** The same for float32, and for what a document says in so many digits. */
const ROUNDED = 1e-6;

/**
 * Why two values are not the same, or null. PyTorch's indices and counts are int64, so whole
 * numbers of any width are of one kind.
 */
export function difference(a: Value, b: Value, options: { dtypes?: boolean } = {}): string | null {
	const { dtypes = true } = options;
	if (typeof a === "string" || typeof b === "string") {
		return a === b ? null : `${show(a)} is not ${show(b)}`;
	}
	if (!isNumbers(a) || !isNumbers(b)) {
		if (isNumbers(a) || isNumbers(b)) return `${show(a)} is not ${show(b)}`;
		if (a.length !== b.length) return `${a.length} parts are not ${b.length}`;
		return a.map((part, i) => difference(part, b[i]!, options)).find((why) => why !== null) ?? null;
	}
	const [kind, other] = [a, b].map(({ dtype }) => dtype.replace(/^int\d+$/, "int"));
	if (dtypes && kind !== other) return `${kind} is not ${other}`;
	if (`${a.shape}` !== `${b.shape}`) return `the shape (${a.shape}) is not (${b.shape})`;
	const tolerance = [kind, other].some((one) => one === "float32" || one === "said")
		? ROUNDED
		: TOLERANCE;
	const near = (x: number, y: number) =>
		x === y || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
	return a.data.every((x, i) => near(x, b.data[i]!)) ? null : `${show(a)} is not ${show(b)}`;
}

/** A value in short. */
export function show(value: Value): string {
	if (typeof value === "string") return value;
	if (!isNumbers(value)) return `[${value.map(show).join(", ")}]`;
	return `${value.dtype} (${value.shape}) [${value.data.join(", ")}]`;
}

/** Whether a value is what the document says: the name of a dtype, or nested numbers. */
export function isAsSaid(value: Value, says: string): boolean {
	if (typeof value === "string") return value === says;
	const nested: unknown = JSON.parse(
		says.replaceAll(/\b(True|False)\b/g, (word) => word.toLowerCase()),
	);
	const shape: number[] = [];
	for (let part = nested; Array.isArray(part); part = part[0]) shape.push(part.length);
	const data = [nested].flat(shape.length + 1).map(Number);
	return difference(value, { dtype: "said", shape, data }, { dtypes: false }) === null;
}
