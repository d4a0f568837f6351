import type { DType } from "../../../core/dtype.ts";
import { argument, constant, type Term } from "../../../scalar/scalar.ts";
import { specialized, truthAsNumber, truthIn } from "../../../scalar/specialize.ts";
import type { Expression } from "../../../schedule/expression.ts";
import { Unsupported } from "../../backend.ts";
import type { ShaderWriter } from "../wgsl/shader.ts";
import { castTo } from "./casts.ts";
import { happens, picked, random, randomWords } from "./random.ts";
import { functionOfTerm, TermWriter } from "./terms.ts";
import { asF32, asI32, type TermValue } from "./values.ts";

/** An element that code has read or computed before, an f32 if it is a float, else an i32. */
export interface ElementText {
	readonly text: string;
	readonly dtype: DType;
}

type Kinds<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

/** A value, and the dtype whose numbers it has. */
interface Typed {
	readonly value: TermValue;
	readonly dtype: DType;
}

/** Writes expressions in WGSL; what they share is computed once. */
export class WgslExpressions {
	readonly #m: ShaderWriter;
	readonly #leaf: (x: Kinds<"input" | "result" | "position">) => ElementText;
	readonly #known = new Map<Expression | string, Typed>();
	#lines: string[] = [];

	constructor(m: ShaderWriter, leaf: (x: Kinds<"input" | "result" | "position">) => ElementText) {
		this.#m = m;
		this.#leaf = leaf;
	}

	/**
	 * The text of an expression, an f32 if it is a float, else an i32; and the lines that have to
	 * stand before it, after those of the expressions that were written earlier.
	 */
	write(expression: Expression): { readonly lines: readonly string[]; readonly text: string } {
		this.#lines = [];
		const { value, dtype } = this.#typed(expression);
		const isFloat = dtype === "float32" || dtype === "float64";
		return { text: isFloat ? asF32(this.#m, value) : asI32(this.#m, value), lines: this.#lines };
	}

	#typed(expression: Expression): Typed {
		// An input may stand there as several objects.
		const { kind } = expression;
		const key = kind === "input" || kind === "result" ? `${kind} ${expression.index}` : expression;
		const known = this.#known.get(key) ?? this.#made(expression);
		this.#known.set(key, known);
		return known;
	}

	#made(expression: Expression): Typed {
		const m = this.#m;
		switch (expression.kind) {
			case "input":
			case "result":
			case "position": {
				const { text, dtype } = this.#leaf(expression);
				const name = this.#kept(text);
				if (dtype === "bool") return { value: { type: "bool", text: `(${name} != 0)` }, dtype };
				return { value: { type: dtype === "int32" ? "i32" : "f32", text: name }, dtype };
			}
			case "constant": {
				const { value, dtype } = expression;
				const rounded = dtype === "float32" ? Math.fround(value) : value;
				return { value: { type: "constant", value: rounded }, dtype };
			}
			case "cast": {
				const { dtype } = expression;
				return this.#keptValue(castTo(m, dtype, this.#typed(expression.of).value), dtype);
			}
			case "random": {
				const { what } = expression;
				const value = random(what, this.#words(expression));
				return this.#keptValue(value, what === "single" ? "float32" : "int32");
			}
			case "chance": {
				const words = this.#words(drawn(expression.number));
				const chance = this.#typed(expression.probability).value;
				return this.#keptValue(happens(m, words, chance), "bool");
			}
			case "pick": {
				const { number, first, count } = expression;
				return this.#keptValue(picked(m, this.#words(drawn(number)), first, count), "int32");
			}
			case "formula":
				return this.#formula(expression);
		}
	}

	#formula({ term, args, dtype }: Kinds<"formula">): Typed {
		const m = this.#m;
		const operands = args.map((arg) => this.#typed(arg));
		const whole = specialized(
			term,
			operands.map(({ value }, index): Term => {
				if (value.type === "constant") return constant(value.value);
				if (value.type === "bool") return truthAsNumber({ kind: "argument", type: "truth", index });
				return argument(index);
			}),
		);
		if (whole.kind === "constant") {
			return this.#typed({ kind: "constant", value: whole.value, dtype });
		}
		if (dtype === "float64") throw new Unsupported("float64 on the device");
		const hasFloats = operands.some((x) => x.dtype === "float32" || x.dtype === "float64");
		const isFloat = dtype === "float32" || (dtype === "bool" && hasFloats);
		const writer = new TermWriter(m, isFloat ? "f32" : "i32", (text) => this.#kept(text));
		const values = operands.map(({ value }) => value);
		const value = writer.write((dtype === "bool" ? truthIn(whole) : null) ?? whole, values);
		return this.#keptValue(castTo(m, dtype, value), dtype);
	}

	/** The two random words of an element. */
	#words({ key, counters, stream }: Kinds<"random">): string {
		const text = (x: Expression) => asI32(this.#m, this.#typed(x).value);
		const counter = counters.length === 0 ? "0" : counters.map(text).join(" + ");
		return randomWords(this.#m, [...key.map(text), counter, String(stream)]);
	}

	#keptValue(value: TermValue, dtype: DType): Typed {
		if (value.type === "constant") return { value, dtype };
		return { value: { ...value, text: this.#kept(value.text) }, dtype };
	}

	/** A name for what has a text. */
	#kept(text: string): string {
		if (/^\w+$/.test(text)) return text;
		const name = this.#m.fresh("v");
		this.#lines.push(`let ${name} = ${text};`);
		return name;
	}
}

function drawn(number: Expression): Kinds<"random"> {
	if (number.kind === "random" && number.what === "double") return number;
	throw new Unsupported("what is drawn without a random number");
}

/** A term of numbers that are f32, and truth that is a bool, as the text of an f32. */
export function scanTermText(m: ShaderWriter, term: Term, args: readonly string[]): string {
	return functionOfTerm(m, m.fresh("term"), term, args);
}
