import { type DType, isFloat } from "../core/dtype.ts";
import type { CallTerm, PrimitiveTerm, Term } from "../scalar/scalar.ts";
import { isElement, type Leaf, type Reducing, type SliceForm } from "../scalar/slices.ts";
import type { Expression } from "./expression.ts";
import type { Pass, PassReduction } from "./kernel.ts";
import { choiceOf, operationOf } from "./operations.ts";

/** What is done with each slice: the passes over it, and what is then stored. */
export interface Recipe {
	readonly passes: readonly Pass[];
	/** Whether what it stores is one value for each element, or else for each slice. */
	readonly perElement: boolean;
	readonly value: Expression;
}

/** What slices are made of: expressions of the loop's inputs, and what is the same for all. */
export interface SliceInputs {
	readonly inputs: readonly { readonly of: Expression; readonly dtype: DType }[];
	/** How many there are in a slice. */
	readonly n: number;
	/** The numbers that the form takes. */
	readonly numbers?: readonly number[];
}

/** An expression, and what its width depends on. */
interface Typed {
	readonly of: Expression;
	readonly dtype: DType;
	/** Whether it differs from element to element. */
	readonly varies: boolean;
	/** Whether it does, and float32 would not hold what it is made of. */
	readonly wide: boolean;
}

/** How a form is done in code. */
export function recipeFor(form: SliceForm, elements: SliceInputs): Recipe {
	return new Reader(form, elements).recipe();
}

/**
 * Reads a form as expressions, each primitive by itself in a width of its own. This is where widths
 * are chosen: what is made of elements of float32 is float32, and what it meets becomes float32
 * too; int32 and bool, the position, and what a formula says is `double` are wide, and what they
 * meet is float64; and so is what is made of results alone. Comparisons round nothing.
 */
class Reader {
	private readonly form: SliceForm;
	private readonly elements: SliceInputs;
	private readonly known = new Map<Term, Typed>();
	/** The results of the form, in its order; and how many the code has so far. */
	private readonly results: Typed[] = [];
	private count = 0;

	constructor(form: SliceForm, elements: SliceInputs) {
		this.form = form;
		this.elements = elements;
	}

	recipe(): Recipe {
		const { perElement, value } = this.form;
		const passes = this.form.passes.flatMap(({ results, unless }) => {
			const test = unless === null ? {} : { unless: this.read(unless).of };
			const made = results.map((one) => [one, this.read(one.of)] as const);
			const alone = made.filter(([{ by }]) => by === "first" || by === "value");
			const reduced = made.filter((one) => !alone.includes(one));
			const before = this.results.length;
			const add = (one: (typeof made)[number], dtype: DType) => {
				const of: Expression = { kind: "result", index: this.count++ };
				this.results[before + made.indexOf(one)] = { of, dtype, varies: false, wide: false };
			};
			const passes: Pass[] = alone.map((one): Pass => {
				add(one, one[1].dtype);
				return { kind: "first", of: one[1].of, ...test };
			});
			if (reduced.length > 0) {
				const reductions = reduced.map((one) => {
					add(one, resultOf(one[0], one[1].dtype));
					return this.reduction(...one);
				});
				passes.push({ kind: "reduce", reductions, ...test });
			}
			return passes;
		});
		return { passes, perElement, value: this.read(value).of };
	}

	private reduction({ by, of: term }: Reducing, { of, dtype }: Typed): PassReduction {
		switch (by) {
			case "find": {
				const none: Expression = { kind: "constant", value: this.elements.n, dtype: "int32" };
				const found = choiceOf("int32", of, { kind: "position" }, none);
				return { by: "least", of: found, dtype: "int32" };
			}
			case "total":
			case "product":
				return { by: by === "total" ? by : "factors", of, dtype: this.digits(term, dtype) };
			default:
				return { by: by as PassReduction["by"], of, dtype };
		}
	}

	/** The dtype whose digits a term has, though it may be computed in float64. */
	private digits(term: Term, dtype: DType): DType {
		const own = this.elements.inputs[0]!.dtype;
		return dtype === "bool" || isElement(term, this.form) || isFloat(own) ? own : dtype;
	}

	private read(term: Term): Typed {
		let made = this.known.get(term);
		if (made === undefined) {
			if (term.kind === "argument") made = this.leaf(this.form.leaves[term.index]!);
			else if (term.kind === "constant") made = number(term.value, "float64");
			else made = this.applied(term);
			this.known.set(term, made);
		}
		return made;
	}

	private leaf(leaf: Leaf): Typed {
		const { inputs, n, numbers } = this.elements;
		switch (leaf.kind) {
			case "element": {
				const { of, dtype } = inputs[leaf.index]!;
				return { of, dtype, varies: true, wide: dtype !== "float32" };
			}
			case "double":
				return this.doubled(this.leaf({ ...leaf, kind: "element" }));
			case "position":
				return { of: { kind: "position" }, dtype: "int32", varies: true, wide: true };
			case "n":
				return number(n, "float64");
			case "number":
				return number(numbers![leaf.index]!, "float64");
			case "result":
				return this.results[leaf.index]!;
		}
	}

	private doubled({ of, dtype, varies }: Typed): Typed {
		return { of: cast(of, dtype, "float64"), dtype: "float64", varies, wide: true };
	}

	private applied(part: PrimitiveTerm | CallTerm): Typed {
		const operation = operationOf(part);
		const args = part.args.map((arg) => this.read(arg));
		const isTruth = part.type === "truth";
		const varies = args.some((arg) => arg.varies);
		// Positions that are only compared need not be held.
		const wide = args.some((arg) => arg.wide && !(isTruth && arg.dtype === "int32"));
		const isNarrow = varies && !wide && this.elements.inputs[0]!.dtype === "float32";
		const dtype: DType = isTruth ? "bool" : isNarrow ? "float32" : "float64";
		const operands = args.map((arg, i) => {
			const operand = part.args[i]!;
			if (operand.type === "truth") return arg.of;
			if (operand.kind === "constant") {
				const others = args.filter((other) => other !== arg).map((other) => other.dtype);
				return number(operand.value, isTruth ? meeting(operand.value, others) : dtype).of;
			}
			return dtype === "float32" ? cast(arg.of, arg.dtype, dtype) : arg.of;
		});
		return { of: operation(dtype, ...operands), dtype, varies, wide };
	}
}

/** The dtype of a number that is compared with others: one that it does not make wider. */
function meeting(value: number, others: readonly DType[]): DType {
	if (others.includes("float64")) return "float64";
	if (others.includes("float32"))
		return Object.is(Math.fround(value), value) ? "float32" : "float64";
	return Object.is(value | 0, value) ? "int32" : "float64";
}

/** The dtype of a reducer's result. */
function resultOf({ by }: Reducing, dtype: DType): DType {
	switch (by) {
		case "total":
		case "product":
			return "float64";
		case "find":
			return "int32";
		case "every":
		case "some":
			return "bool";
		default:
			return dtype === "bool" ? "int32" : dtype;
	}
}

function number(value: number, dtype: DType): Typed {
	return { of: { kind: "constant", value, dtype }, dtype, varies: false, wide: false };
}

function cast(of: Expression, from: DType, dtype: DType): Expression {
	return from === dtype ? of : { kind: "cast", of, dtype };
}
