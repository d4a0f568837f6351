import type { DType } from "../../../core/dtype.ts";
import { block, threefry, uniform24, uniform53 } from "../../../random/threefry.ts";
import { written } from "../../../scalar/javascript.ts";
import type { Term } from "../../../scalar/scalar.ts";
import type { Expression, Random } from "../../../schedule/expression.ts";

type Draw = (key0: number, key1: number, counter: number, stream: number) => number;

/**
 * What is made of the random words of an element; only words are drawn from other streams than 0.
 */
export const randomDraws: Readonly<Record<Random, Draw>> = {
	"first word": (...words) => {
		threefry(...words);
		return block[0]!;
	},
	"second word": (...words) => {
		threefry(...words);
		return block[1]!;
	},
	single: uniform24,
	double: uniform53,
};

/** Expressions as JavaScript, which calls `draws` and the functions that formulas define. */
export interface WrittenExpressions {
	/** Statements; where something is wrong they return false. */
	readonly statements: readonly string[];
	readonly values: readonly string[];
}

/**
 * Writes expressions; `input` gives the texts of those of the inputs. Every value is that of its
 * dtype, as if an op by itself had stored it.
 */
export function writeExpressions(
	expressions: readonly Expression[],
	input: (index: number) => string,
): WrittenExpressions {
	const statements: string[] = [];
	const known = new Map<Expression, string>();
	const formula = (term: Term, args: readonly string[]) => {
		const { statements: before, value } = written(term, args);
		return { before, value: term.type === "truth" ? `${value} ? 1 : 0` : value };
	};
	let kept = 0;
	const compute = (expression: Expression): string => {
		const keep = (value: string, dtype: DType, before: readonly string[] = []): string => {
			const name = `v${kept++}`;
			const line = `${name} = ${stored(value, dtype)};`;
			statements.push(
				before.length === 0 ? `let ${line}` : `let ${name}; { ${before.join(" ")} ${line} }`,
			);
			if (dtype === "int32") {
				statements.push(`if (${name} !== (${name} | 0)) return false;`, `${name} |= 0;`);
			}
			return name;
		};
		switch (expression.kind) {
			case "constant":
				return numeral(expression.value);
			case "cast": {
				const { of, dtype } = expression;
				const x = value(of);
				if (dtype === "bool") return keep(`${x} === 0 ? 0 : 1`, dtype);
				return keep(dtype === "int32" ? `Math.trunc(${x})` : x, dtype);
			}
			case "random": {
				const { what, key, counters, stream } = expression;
				const counter = `(${["0", ...counters.map(value)].join(" + ")}) | 0`;
				const words = [...key.map(value), counter, String(stream)];
				return keep(`draws["${what}"](${words.join(", ")})`, "float64");
			}
			case "chance": {
				const [u, p] = [value(expression.number), value(expression.probability)];
				statements.push(`if (!(${p} >= 0 && ${p} <= 1)) return false;`);
				return keep(`${u} < ${p} ? 1 : 0`, "bool");
			}
			case "pick": {
				const { number, first, count } = expression;
				return keep(`${numeral(first)} + Math.floor(${value(number)} * ${count})`, "int32");
			}
			case "formula": {
				const { before, value: text } = formula(expression.term, expression.args.map(value));
				return keep(text, expression.dtype, before);
			}
			case "input":
				return input(expression.index);
			default:
				throw new Error(`compile: a loop over elements has no ${expression.kind}`);
		}
	};
	const value = (expression: Expression): string => {
		const text = known.get(expression) ?? compute(expression);
		known.set(expression, text);
		return text;
	};
	const values = expressions.map(value);
	return { statements, values };
}

/** A number rounded as it is when it is stored. */
function stored(value: string, dtype: DType): string {
	if (dtype === "float32") return `Math.fround(${value})`;
	return dtype === "bool" ? `(${value}) & 255` : value;
}

function numeral(value: number): string {
	return value < 0 || Object.is(value, -0) ? `(-${-value})` : String(value);
}
