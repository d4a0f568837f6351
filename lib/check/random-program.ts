import { apply, type Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/** One value of a program, as it comes out at the arguments that were drawn. */
export interface Value {
	readonly tensor: Tensor;
	/** What made it; null: it is an argument. Inputs are earlier values, or constants. */
	readonly from: {
		readonly op: Op;
		readonly inputs: readonly (Value | Tensor)[];
		readonly params: unknown;
	} | null;
}

const isValue = (input: Value | Tensor): input is Value => "from" in input;

/**
 * A program in a straight line, with the arguments at which to try it. As `run` it is a function of its arguments; as a string,
 * a few lines of NumPy.
 */
export class RandomProgram {
	/** Every value after those from which it is made. */
	readonly values: readonly Value[];
	/** Those that no other is made from, arguments left out. */
	readonly results: readonly Value[];

	constructor(values: readonly Value[]) {
		this.values = values;
		const used = new Set(values.flatMap(({ from }) => from?.inputs ?? []));
		this.results = values.filter((value) => value.from !== null && !used.has(value));
	}

	/** The arguments at which to try it. */
	get args(): Tensor[] {
		return this.values.flatMap(({ from, tensor }) => (from === null ? [tensor] : []));
	}

	/** The results for other arguments of the same shapes and dtypes; a property, so that it can be passed on by itself. */
	readonly run = (args: readonly Tensor[]): Tensor[] => {
		const made = new Map<Value, Tensor>();
		const arg = args.values();
		for (const value of this.values) {
			made.set(
				value,
				value.from === null
					? arg.next().value!
					: apply(
							value.from.op,
							value.from.inputs.map((x) => (isValue(x) ? made.get(x)! : x)),
							value.from.params,
						),
			);
		}
		return this.results.map((value) => made.get(value)!);
	};

	toString(): string {
		const names = new Map<Value, string>();
		let [args, statements] = [0, 0];
		for (const value of this.values) {
			names.set(value, value.from === null ? `x${++args}` : `y${++statements}`);
		}
		const lines = this.values.map((value) => {
			const texts = value.from?.inputs.map((x) => (isValue(x) ? names.get(x)! : literal(x)));
			const right = texts ? value.from!.op.print(texts, value.from!.params) : literal(value.tensor);
			return `${names.get(value)} = ${right}`;
		});
		return [...lines, `return ${this.results.map((value) => names.get(value)).join(", ")}`].join(
			"\n",
		);
	}

	/** As fast-check shows it. */
	[Symbol.for("fast-check/toStringMethod")](): string {
		return `\n${this}\n`;
	}
}

/** Elements in Python's notation; an empty tensor by its shape, one that was stretched from a number by the number. */
function literal(x: Tensor): string {
	if (x.size === 0) return `np.zeros((${x.shape.join(", ")}${x.rank === 1 ? "," : ""}))`;
	const isNumber = x.strides.every((stride) => stride === 0);
	const values = isNumber ? x.slice(...x.shape.map(() => 0)).toArray() : x.toArray();
	return JSON.stringify(values, (_, value) =>
		typeof value === "boolean" ? Number(value) : value,
	).replaceAll(",", ", ");
}

/**
 * Programs with less in them: with one result less, or with an argument in place of a statement. They compute the same numbers.
 */
export function* simplerPrograms({ values, results }: RandomProgram): Generator<RandomProgram> {
	if (results.length > 1) {
		for (const result of results) yield new RandomProgram(neededFor([result], values));
		for (const result of results) {
			yield new RandomProgram(
				neededFor(
					results.filter((other) => other !== result),
					values,
				),
			);
		}
	}
	for (const value of values) {
		if (value.from === null || results.includes(value)) continue;
		const cut = { tensor: value.tensor, from: null };
		const replaced = withReplaced(value, cut, values);
		yield new RandomProgram(
			neededFor(
				results.map((result) => replaced.get(result)!),
				[...replaced.values()],
			),
		);
	}
}

/** The values from which some are made, in their order. */
function neededFor(some: readonly Value[], values: readonly Value[]): Value[] {
	const wanted = new Set<Value | Tensor>(some);
	for (const value of [...values].reverse()) {
		if (wanted.has(value)) for (const input of value.from?.inputs ?? []) wanted.add(input);
	}
	return values.filter((value) => wanted.has(value));
}

/** All values anew, each by what it was, made from another in place of one. */
function withReplaced(one: Value, other: Value, values: readonly Value[]): Map<Value, Value> {
	const anew = new Map<Value, Value>();
	for (const value of values) {
		const { from, tensor } = value;
		if (value === one || from === null) {
			anew.set(value, value === one ? other : value);
		} else {
			const inputs = from.inputs.map((input) => (isValue(input) ? anew.get(input)! : input));
			anew.set(value, { tensor, from: { ...from, inputs } });
		}
	}
	return anew;
}
