import { argument, inOrder, isNumber, type Primitive, type Term } from "../../scalar/scalar.ts";
import { isChoice, specialized } from "../../scalar/specialize.ts";
import { type FloatElement, isFloatElement, widerThan } from "./element-types.ts";
import { nodeOrFormula } from "./functions.ts";
import type { Graph, GraphTensor } from "./graph.ts";

// A formula as nodes: each primitive is one, and a function is one where ONNX has it.

type Name = Primitive["name"];

/** What a primitive is in ONNX; null: it is made of several nodes. */
const NODES: Readonly<Record<Name, string | null>> = {
	add: "Add",
	sub: "Sub",
	mul: "Mul",
	div: "Div",
	neg: "Neg",
	abs: "Abs",
	sqrt: "Sqrt",
	floor: "Floor",
	ceil: "Ceil",
	min: "Min",
	max: "Max",
	select: null,
	equal: "Equal",
	notEqual: null,
	less: "Less",
	lessEqual: "LessOrEqual",
	greater: "Greater",
	greaterEqual: "GreaterOrEqual",
	and: "And",
	or: "Or",
	xor: "Xor",
	not: "Not",
};

/** The primitives of whole numbers that give whole numbers, and give no others on the way. */
const WHOLE: ReadonlySet<Name> = new Set<Name>([
	...(["add", "sub", "mul", "neg", "abs", "min", "max", "select", "equal", "notEqual"] as const),
	...(["less", "lessEqual", "greater", "greaterEqual", "and", "or", "xor", "not"] as const),
]);

/** Whether int32 lanes do for a formula of int32: no part of it is a fraction or a function. */
export function isWholeFormula(term: Term): boolean {
	return inOrder(term).every((part) => {
		if (part.kind === "constant") return Object.is(part.value | 0, part.value);
		return part.kind === "argument" || (part.kind === "apply" && WHOLE.has(part.of.name));
	});
}

/**
 * Writes formulas into a graph.
 * @param element the type in which they are computed; what meets a wider number is as wide
 */
export class FormulaEmitter {
	private readonly graph: Graph;
	private readonly element: FloatElement | "int32";
	private readonly argument: (index: number) => GraphTensor;
	private readonly known = new Map<Term, GraphTensor>();

	/** @param argument what stands for an argument: numbers, or bools where the term is of truth */
	constructor(
		graph: Graph,
		element: FloatElement | "int32",
		argument: (index: number) => GraphTensor,
	) {
		this.graph = graph;
		this.element = element;
		this.argument = argument;
	}

	/** The node of a term, after those that it is made of. */
	write(term: Term): GraphTensor {
		for (const part of inOrder(term)) {
			if (part.kind !== "constant" && !this.known.has(part)) this.known.set(part, this.made(part));
		}
		return this.operand(term, this.element);
	}

	/** What is written of a term that has been read; a constant in the type of what it meets. */
	private operand(term: Term, element: FloatElement | "int32"): GraphTensor {
		if (term.kind !== "constant") return this.known.get(term)!;
		return this.graph.store.number(term.value, term.type === "truth" ? "bool" : element);
	}

	private made(part: Exclude<Term, { kind: "constant" }>): GraphTensor {
		if (part.kind === "argument") return this.argument(part.index);
		const meeting = this.meeting(part.args);
		const args = part.args.map((arg) => {
			const operand = this.operand(arg, meeting);
			return arg.type === "truth" ? operand : this.graph.cast(operand, meeting);
		});
		if (part.kind === "apply") return this.applied(part, args, meeting);
		const form = nodeOrFormula(part.of, meeting as FloatElement, part.args);
		if (typeof form === "string") return this.graph.node(form, args, meeting, ATTRIBUTES[form]);
		const given = part.args.map((arg, index): Term => {
			return arg.kind === "constant" ? arg : argument(index);
		});
		const writer = new FormulaEmitter(this.graph, meeting as FloatElement, (i) => args[i]!);
		return writer.write(specialized(form, given));
	}

	private applied(
		{ of: { name }, type, args: terms }: Extract<Term, { kind: "apply" }>,
		args: readonly GraphTensor[],
		meeting: FloatElement | "int32",
	): GraphTensor {
		const { graph } = this;
		const [x, y, z] = args as [GraphTensor, GraphTensor, GraphTensor];
		if (name === "select") return this.masked(terms, args, meeting) ?? graph.where(x, y, z);
		if (name === "notEqual") {
			if (terms[0] === terms[1] && isFloatElement(x.element))
				return graph.node("IsNaN", [x], "bool");
			return graph.node("Not", [graph.node("Equal", [x, y], "bool")], "bool");
		}
		return graph.node(NODES[name]!, args, type === "truth" ? "bool" : meeting);
	}

	/**
	 * x where it is kept, else what a mask says, 0 or NaN, as a sum: ONNX Runtime chooses between a
	 * tensor and a number in half the time that it takes for two tensors.
	 */
	private masked(
		[keepTerm, , other]: readonly Term[],
		[keep, x]: readonly GraphTensor[],
		meeting: FloatElement | "int32",
	): GraphTensor | null {
		if (meeting === "int32" || other?.kind !== "apply" || !isChoice(other)) return null;
		const [test, zero, mark] = other.args as [Term, Term, Term];
		if (!isNumber(zero, 0) || mark.kind !== "constant") return null;
		const { graph } = this;
		const nothing = this.operand(zero, meeting);
		const kept = graph.where(keep!, x!, nothing);
		const compared = Number.isNaN(mark.value) ? comparedWithNumber(keepTerm, test) : null;
		if (compared !== null) {
			// 0, or NaN where what is compared is that.
			const x = graph.cast(this.operand(compared, meeting), meeting);
			const least = graph.node("Max", [x, nothing], meeting);
			return graph.node("Add", [kept, graph.node("Min", [least, nothing], meeting)], meeting);
		}
		const isUnmarked = graph.node("Or", [keep!, this.operand(test, meeting)], "bool");
		const marks = graph.where(isUnmarked, nothing, this.operand(mark, meeting));
		return graph.node("Add", [kept, marks], meeting);
	}

	/** The type in which numbers meet. */
	private meeting(terms: readonly Term[]): FloatElement | "int32" {
		if (this.element === "int32") return "int32";
		const wide = widerThan(this.element);
		const isWide = terms.some((term) => this.known.get(term)?.element === wide);
		return isWide ? wide : this.element;
	}
}

/** The comparisons that hold where another one does not, unless NaN is compared. */
const OPPOSITES: Readonly<Record<string, Name>> = {
	greater: "lessEqual",
	greaterEqual: "less",
	less: "greaterEqual",
	lessEqual: "greater",
};

/** What is compared with the same number in two opposite tests; null for others. */
function comparedWithNumber(one: Term | undefined, other: Term): Term | null {
	if (one?.kind !== "apply" || other.kind !== "apply") return null;
	const [[x, number], [y, again]] = [one.args, other.args] as [[Term, Term], [Term, Term]];
	const isOpposite = OPPOSITES[one.of.name] === other.of.name && x === y;
	if (!isOpposite || number.kind !== "constant" || again?.kind !== "constant") return null;
	return number.value === again.value ? x : null;
}

const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	// The remainder with the sign of what is divided.
	Mod: { fmod: 1 },
};
