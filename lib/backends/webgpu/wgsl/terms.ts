import { inOrder, operandsOf, type ScalarFunction, type Term } from "../../../scalar/scalar.ts";
import { Unsupported } from "../../backend.ts";
import { addFunction } from "../math/source.ts";
import { ownFunction } from "./functions.ts";
import { integerFunctions, integers } from "./integers.ts";
import { helper, type PrimitiveText, primitives } from "./primitives.ts";
import type { ShaderWriter } from "./shader.ts";
import { asF32, asI32, asTruth, choiceOfWhole, isWhole, type TermValue } from "./values.ts";

/** −1, 0, 1 or NaN as a whole number is less than a number of f32, the same, greater or neither. */
const orderOf = helper(
	"order_i32_f32",
	`fn order_i32_f32(x: i32, y: f32) -> f32 {
	let near = f32(x);
	if (!(near == y)) { return select(select(1f, -1f, near < y), y, !(y == y)); }
	return select(f32(sign(x - i32(y))), -1f, y >= 2147483648f);
}`,
);

const COMPARISONS = ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"];

/** Writes formulas whose numbers are combined as f32 or as i32. */
export class TermWriter {
	readonly #m: ShaderWriter;
	readonly #numbers: "f32" | "i32";
	readonly #keep: (text: string) => string;

	/** `keep` gives a name to what is used more than once. */
	constructor(m: ShaderWriter, numbers: "f32" | "i32", keep: (text: string) => string) {
		this.#m = m;
		this.#numbers = numbers;
		this.#keep = keep;
	}

	/** A term of arguments. */
	write(term: Term, args: readonly TermValue[]): TermValue {
		const order = inOrder(term);
		const uses = new Map<Term, number>();
		for (const part of order.flatMap(operandsOf)) uses.set(part, (uses.get(part) ?? 0) + 1);
		const values = new Map<Term, TermValue>();
		for (const part of order) {
			const operands = operandsOf(part).map((operand) => values.get(operand)!);
			const value = this.#part(part, operands, args);
			const isKept = "args" in part && value.type !== "constant" && uses.get(part)! > 1;
			values.set(part, isKept ? { ...value, text: this.#keep(value.text) } : value);
		}
		return values.get(term)!;
	}

	#part(part: Term, operands: readonly TermValue[], args: readonly TermValue[]): TermValue {
		switch (part.kind) {
			case "argument":
				return args[part.index]!;
			case "constant":
				if (part.type === "number") return { type: "constant", value: part.value };
				return { type: "bool", text: String(part.value === 1) };
			case "call":
				if (this.#numbers === "f32") return this.#f32(functionText(part.of), operands);
				return this.#i32(integerFunctions[part.of.name], part.of.name, operands);
			case "apply": {
				const { name } = part.of;
				if (COMPARISONS.includes(name)) return this.#comparison(primitives[name], operands);
				if (name === "select") return this.#choice(part.type, operands);
				if (part.type === "truth") {
					const text: PrimitiveText = primitives[name];
					return { type: "bool", text: text(this.#m, ...operands.map(asTruth)) };
				}
				if (this.#numbers === "f32") return this.#f32(primitives[name], operands);
				return this.#i32(integers[name], name, operands);
			}
		}
	}

	#f32(text: PrimitiveText, operands: readonly TermValue[]): TermValue {
		return { type: "f32", text: text(this.#m, ...operands.map((x) => asF32(this.#m, x))) };
	}

	#i32(text: PrimitiveText | undefined, name: string, operands: readonly TermValue[]): TermValue {
		if (text === undefined) throw new Unsupported(`${name} of int32`);
		return { type: "i32", text: text(this.#m, ...operands.map((x) => asI32(this.#m, x))) };
	}

	/**
	 * Whole numbers are compared as such. Rounding one to f32 never carries it past another number of
	 * f32; where both are the same then, that is a whole number, too.
	 */
	#comparison(text: PrimitiveText, operands: readonly TermValue[]): TermValue {
		const m = this.#m;
		const [x, y] = operands as [TermValue, TermValue];
		if (isWhole(x) && isWhole(y)) {
			return { type: "bool", text: text(m, asI32(m, x), asI32(m, y)) };
		}
		if (x.type === "i32") {
			return { type: "bool", text: text(m, orderOf(m, asI32(m, x), asF32(m, y)), "0f") };
		}
		if (y.type === "i32") {
			return { type: "bool", text: text(m, "0f", orderOf(m, asI32(m, y), asF32(m, x))) };
		}
		return { type: "bool", text: text(m, asF32(m, x), asF32(m, y)) };
	}

	#choice(type: "number" | "truth", operands: readonly TermValue[]): TermValue {
		const [test, x, y] = operands as [TermValue, TermValue, TermValue];
		const m = this.#m;
		if (type === "truth") {
			const text = primitives.select(m, asTruth(test), asTruth(x), asTruth(y));
			return { type: "bool", text };
		}
		if (this.#numbers === "i32") return choiceOfWhole(m, asTruth(test), x, y);
		return { type: "f32", text: primitives.select(m, asTruth(test), asF32(m, x), asF32(m, y)) };
	}
}

/** How a function of f32 is called; it is defined where it is not there yet. */
function functionText(of: ScalarFunction): PrimitiveText {
	const own = ownFunction(of);
	if (own !== null) {
		return (m, ...args) => {
			addFunction(m, own);
			return `${own.name}(${args.join(", ")})`;
		};
	}
	if (!("term" in of)) throw new Unsupported(`${of.name} on the device`);
	return (m, ...args) => functionOfTerm(m, `${of.name}_f32`, of.term(), args);
}

/** A call of the function of a term, which gives an f32 of numbers that are f32, and of truth. */
export function functionOfTerm(
	m: ShaderWriter,
	name: string,
	term: Term,
	args: readonly string[],
): string {
	const lines: string[] = [];
	const writer = new TermWriter(m, "f32", (text) => {
		const kept = `t${lines.length}`;
		lines.push(`	let ${kept} = ${text};`);
		return kept;
	});
	const types = args.map(() => "f32" as "f32" | "bool");
	for (const part of inOrder(term)) {
		if (part.kind === "argument" && part.type === "truth") types[part.index] = "bool";
	}
	const params = types.map((type, i) => ({ type, text: `x${i}` }));
	const value = asF32(m, writer.write(term, params));
	const list = params.map(({ type, text }) => `${text}: ${type}`).join(", ");
	const body = [...lines, `	return ${value};`].join("\n");
	m.define(name, `fn ${name}(${list}) -> f32 {\n${body}\n}`);
	return `${name}(${args.join(", ")})`;
}
