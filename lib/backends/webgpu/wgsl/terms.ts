import { inOrder, operandsOf, type Term } from "../../../scalar/scalar.ts";
import { Unsupported } from "../../backend.ts";
import type { ShaderWriter } from "../shader.ts";
import { functionText } from "./functions.ts";
import { integerFunctions, integers, onlyUnless } from "./integers.ts";
import { f32Numeral, i32Numeral, isI32 } from "./numerals.ts";
import { helper, type PrimitiveText, primitives } from "./primitives.ts";

/** A part of a formula in WGSL; a number that is the same for all elements has no type yet. */
export type TermValue =
	| { readonly type: "f32" | "i32" | "bool"; readonly text: string }
	| { readonly type: "constant"; readonly value: number };

const COMPARISONS = ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"];

/** −1, 0, 1 or NaN as a whole number is less than a number of f32, the same, greater or neither. */
const orderOf = helper(
	"order_i32_f32",
	`fn order_i32_f32(x: i32, y: f32) -> f32 {
	let near = f32(x);
	if (!(near == y)) { return select(select(1f, -1f, near < y), y, !(y == y)); }
	return select(f32(sign(x - i32(y))), -1f, y >= 2147483648f);
}`,
);

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
			const value = this.#part(
				part,
				operandsOf(part).map((operand) => values.get(operand)!),
				args,
			);
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
				if (COMPARISONS.includes(name)) return this.#comparison(name, operands);
				if (name === "select") return this.#choice(part.type, operands);
				if (part.type === "truth") {
					const text: PrimitiveText = primitives[name];
					return { type: "bool", text: text(this.#m, ...operands.map(textOf)) };
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
		if (text === undefined) throw new Unsupported(`no ${name} of int32 on the device`);
		return { type: "i32", text: text(this.#m, ...operands.map(asI32)) };
	}

	/**
	 * Whole numbers are compared as such. Rounding one to f32 never carries it past another number of
	 * f32; where both are the same then, that is a whole number, too.
	 */
	#comparison(name: string, operands: readonly TermValue[]): TermValue {
		const text = primitives[name as "less"];
		const [x, y] = operands as [TermValue, TermValue];
		const isWhole = (value: TermValue) =>
			value.type === "i32" || (value.type === "constant" && isI32(value.value));
		if (isWhole(x) && isWhole(y)) {
			return { type: "bool", text: text(this.#m, asI32(x), asI32(y)) };
		}
		if (x.type !== "i32" && y.type !== "i32") {
			return { type: "bool", text: text(this.#m, asF32(this.#m, x), asF32(this.#m, y)) };
		}
		if (x.type === "i32") {
			const order = orderOf(this.#m, x.text, asF32(this.#m, y));
			return { type: "bool", text: text(this.#m, order, "0f") };
		}
		const order = orderOf(this.#m, asI32(y), asF32(this.#m, x));
		return { type: "bool", text: text(this.#m, "0f", order) };
	}

	#choice(type: "number" | "truth", operands: readonly TermValue[]): TermValue {
		const [test, x, y] = operands as [TermValue, TermValue, TermValue];
		const choose = (made: "f32" | "i32" | "bool", one: string, other: string): TermValue => {
			return { type: made, text: primitives.select(this.#m, textOf(test), one, other) };
		};
		if (type === "truth") return choose("bool", textOf(x), textOf(y));
		const m = this.#m;
		if (x.type === "f32" || y.type === "f32" || this.#numbers === "f32") {
			return choose("f32", asF32(m, x), asF32(m, y));
		}
		if (x.type === "constant" && !isI32(x.value)) {
			return { type: "i32", text: onlyUnless(m, textOf(test), asI32(y)) };
		}
		if (y.type === "constant" && !isI32(y.value)) {
			return { type: "i32", text: onlyUnless(m, `(!${textOf(test)})`, asI32(x)) };
		}
		return choose("i32", asI32(x), asI32(y));
	}
}

/** A value as f32. */
export function asF32(m: ShaderWriter, value: TermValue): string {
	switch (value.type) {
		case "constant":
			return f32Numeral(m, value.value);
		case "f32":
			return value.text;
		case "i32":
			return `f32(${value.text})`;
		case "bool":
			return `select(0f, 1f, ${value.text})`;
	}
}

/** A value as i32: a whole number, or truth. */
export function asI32(value: TermValue): string {
	switch (value.type) {
		case "constant":
			if (!isI32(value.value)) throw new Unsupported(`${value.value} is no int32`);
			return i32Numeral(value.value);
		case "f32":
			throw new Unsupported("whole numbers made of float32 without a cast");
		case "i32":
			return value.text;
		case "bool":
			return `select(0, 1, ${value.text})`;
	}
}

/** The text of truth. */
function textOf(value: TermValue): string {
	if (value.type === "constant") return String(value.value === 1);
	return value.text;
}
