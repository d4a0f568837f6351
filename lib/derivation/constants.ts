import { onesLike } from "../core/create.ts";
import type { Shape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { tril, triu } from "../ops/triangles.ts";
import type { Constant } from "../program/program.ts";
import type { Argument, Derived } from "./model.ts";
import { isEqual } from "./probe.ts";
import type { SizeWriter } from "./size-writer.ts";

/** What a large constant of a function is. */
export type ConstantForm =
	/** A multiple of the identity matrix. */
	| { readonly kind: "identity"; readonly size: number; readonly factor: number }
	/** Ones on one side of diagonal k and on it, zeros on the other. */
	| { readonly kind: "triangle"; readonly op: typeof tril.op | typeof triu.op; readonly k: number }
	/** So few elements that they can be written out. */
	| { readonly kind: "elements" }
	/** Neither: whoever runs the program has to pass it in. */
	| { readonly kind: "given" };

/** Constants with more elements are not written out. */
const MOST_ELEMENTS = 64;

/** How a constant can be defined where it is printed. */
export function constantForm(x: Tensor): ConstantForm {
	const [rows, columns] = x.shape;
	if (x.rank === 2 && x.size > 0) {
		const values = elements(x);
		const is = (expected: (i: number, j: number) => number) =>
			values.every((value, at) => value === expected(Math.floor(at / columns!), at % columns!));
		const factor = values[0]!;
		if (rows === columns && factor !== 0 && is((i, j) => (i === j ? factor : 0))) {
			return { kind: "identity", size: rows!, factor };
		}
		for (const side of [tril, triu]) {
			const k = diagonalOf(side === tril ? 1 : 0, values, x.shape);
			const triangle = elements(side(onesLike(x), k));
			if (values.every((value, at) => value === triangle[at])) {
				return { kind: "triangle", op: side.op, k };
			}
		}
	}
	return { kind: x.size <= MOST_ELEMENTS ? "elements" : "given" };
}

/**
 * The diagonal k of a triangle of ones, read off its first row, or its first column; both start
 * with `inside` or with the other.
 */
function diagonalOf(first: number, values: ArrayLike<number>, [rows, columns]: Shape): number {
	let along = 0;
	while (along < columns! && values[along] === first) along++;
	let down = 0;
	while (down < rows! && values[down * columns!] !== first) down++;
	return (along > 0 ? along : 1 - down) - first;
}

/** A constant, and how it can be defined. */
export interface FormedConstant {
	readonly value: Constant;
	readonly form: ConstantForm;
}

/** A large constant that is defined in what is printed. */
export interface DefinedConstant extends Argument, FormedConstant {
	readonly value: Constant;
	readonly form: Exclude<ConstantForm, { kind: "given" }>;
	/** What it is at the derived sizes, and at each probe of them where that is known. */
	readonly everywhere: readonly FormedConstant[];
}

/**
 * The constants that a printed program defines, and those that it has to be given.
 * @param sizes is told of constants without a constructor whose elements are others at other sizes
 */
export function constantsOf(
	{ constants, sizes: { probes } }: Derived,
	sizes: SizeWriter,
): { defined: readonly DefinedConstant[]; given: readonly Argument[] } {
	const defined: DefinedConstant[] = [];
	const given: Argument[] = [];
	for (const constant of constants) {
		const { value } = constant;
		if (value.kind !== "constant") continue;
		const form = constantForm(value.tensor);
		const there = [value, ...probes.map((probe) => probe.at(value))];
		const all = there.flatMap((each) => (each?.kind === "constant" ? [each] : []));
		if (form.kind === "elements" || form.kind === "given") {
			if (!there.every((each) => each !== null && isEqual(each, value))) sizes.fail();
		}
		if (form.kind === "given") {
			given.push(constant);
			continue;
		}
		const everywhere = all.map((each) => ({ value: each, form: constantForm(each.tensor) }));
		defined.push({ ...constant, value, form, everywhere });
	}
	return { defined, given };
}
