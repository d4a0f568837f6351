import { type DType, isFloat } from "../../../../core/dtype.ts";
import type { Expression } from "../../../../schedule/expression.ts";
import { Unsupported } from "../../../backend.ts";

/** A number is exact in float32 below this. */
const EXACT = 2 ** 24;

/** The dtypes of what expressions are made of. */
interface Leaves {
	readonly inputs: readonly DType[];
	/** Of the results so far. */
	readonly results: readonly DType[];
	/** How many elements a slice has. */
	readonly n: number;
}

/** An expression as it is computed, and its dtype. */
export interface Narrow {
	readonly of: Expression;
	readonly dtype: DType;
}

/**
 * Expressions of slices as the device computes them: what is float64 in them, results and what is
 * made of them or is kept from over- or underflow, as float32. What they share they go on to share.
 */
export class Narrowing {
	readonly #leaves: Leaves;
	readonly #known = new Map<Expression, Narrow>();

	constructor(leaves: Leaves) {
		this.#leaves = leaves;
	}

	/**
	 * An expression without float64.
	 * @throws Unsupported where it would have too few digits or too small a range
	 */
	read(expression: Expression): Narrow {
		const made = this.#known.get(expression) ?? this.#read(expression);
		this.#known.set(expression, made);
		return made;
	}

	#read(expression: Expression): Narrow {
		switch (expression.kind) {
			case "input":
				return { of: expression, dtype: narrow(this.#leaves.inputs[expression.index]!) };
			case "result":
				return { of: expression, dtype: this.#leaves.results[expression.index]! };
			case "position":
				return { of: expression, dtype: "int32" };
			case "constant":
				return constant(expression);
			case "cast":
				return this.#cast(this.read(expression.of), expression.of, expression.dtype);
			case "random": {
				const dtype = expression.what.endsWith("word") ? "int32" : "float32";
				return { of: expression, dtype };
			}
			case "chance": {
				// The bits of a draw are compared with those of a constant, whatever its dtype.
				const { probability: chance } = expression;
				const probability = chance.kind === "constant" ? chance : this.read(chance).of;
				return { of: { ...expression, probability }, dtype: "bool" };
			}
			case "pick":
				return { of: expression, dtype: "int32" };
			case "formula": {
				const { args, dtype } = expression;
				const narrowed = args.map((arg) => this.read(arg));
				if (isFloat(dtype)) {
					for (const [i, arg] of narrowed.entries()) this.#check(arg, args[i]!, dtype);
				}
				const of = narrowed.map((arg) => arg.of);
				return { of: { ...expression, args: of, dtype: narrow(dtype) }, dtype: narrow(dtype) };
			}
		}
	}

	#cast(arg: Narrow, original: Expression, dtype: DType): Narrow {
		const to = narrow(dtype);
		if (arg.dtype === to) return arg;
		if (isFloat(dtype)) this.#check(arg, original, dtype);
		else if (isWide(original)) throw new Unsupported(`${dtype} of float64 on the device`);
		return { of: { kind: "cast", of: arg.of, dtype: to }, dtype: to };
	}

	/** Whole numbers that become float64 have all their digits there. */
	#check({ dtype }: Narrow, original: Expression, to: DType): void {
		if (dtype !== "int32" || to !== "float64" || original.kind === "constant") return;
		if (original.kind === "position" && this.#leaves.n <= EXACT) return;
		if (original.kind === "result") return;
		throw new Unsupported("float64 of int32 on the device");
	}
}

function constant(expression: Expression & { kind: "constant" }): Narrow {
	const { value, dtype } = expression;
	const rounded = Math.fround(value);
	const isKept =
		Number.isFinite(value) === Number.isFinite(rounded) && (rounded !== 0 || value === 0);
	if (dtype === "float64" && !isKept && !Number.isNaN(value)) {
		throw new Unsupported(`${value} in float32`);
	}
	return { of: { ...expression, dtype: narrow(dtype) }, dtype: narrow(dtype) };
}

/** Whether an expression is float64, and not only a whole number that is kept there. */
function isWide(expression: Expression): boolean {
	return "dtype" in expression && expression.dtype === "float64";
}

function narrow(dtype: DType): DType {
	return dtype === "float64" ? "float32" : dtype;
}
