import type { DType } from "../../../core/dtype.ts";
import { termEvaluator } from "../../../scalar/numbers.ts";
import type { Expression } from "../../../schedule/expression.ts";
import { randomDraws } from "./expression.ts";

type Compute = (values: readonly number[]) => number;

/**
 * What `writeExpressions` writes, without generated code: from the elements of the inputs the
 * values of the expressions, or null where something is wrong.
 */
export function evaluateExpressions(
	expressions: readonly Expression[],
): (inputs: readonly number[]) => readonly number[] | null {
	/** Each puts its value in the place with its number; `places` says which one that is. */
	const steps: Compute[] = [];
	const places = new Map<Expression, number>();
	let fits = true;
	const int32 = (x: number) => {
		fits &&= x === (x | 0);
		return x | 0;
	};
	const stored: Record<DType, (x: number) => number> = {
		float64: (x) => x,
		float32: Math.fround,
		int32,
		bool: (x) => x & 255,
	};
	let given: readonly number[] = [];
	const stepOf = (expression: Expression): Compute => {
		switch (expression.kind) {
			case "constant":
				return () => expression.value;
			case "cast": {
				const { dtype } = expression;
				const [x] = placesOf([expression.of]);
				if (dtype === "bool") return (values) => (values[x!] === 0 ? 0 : 1);
				if (dtype === "int32") return (values) => int32(Math.trunc(values[x!]!));
				return (values) => stored[dtype](values[x!]!);
			}
			case "random": {
				const [key0, key1, ...counters] = placesOf([...expression.key, ...expression.counters]);
				const draw = randomDraws[expression.what];
				return (values) => {
					const counter = counters.reduce((sum, at) => (sum + values[at]!) | 0, 0);
					return draw(values[key0!]!, values[key1!]!, counter, expression.stream);
				};
			}
			case "chance": {
				const [u, p] = placesOf([expression.number, expression.probability]);
				return (values) => {
					fits &&= values[p!]! >= 0 && values[p!]! <= 1;
					return Number(values[u!]! < values[p!]!);
				};
			}
			case "pick": {
				const { number, first, count } = expression;
				const [u] = placesOf([number]);
				return (values) => int32(first + Math.floor(values[u!]! * count));
			}
			case "formula": {
				const args = placesOf(expression.args);
				const f = termEvaluator(expression.term);
				const round = stored[expression.dtype];
				return (values) => round(f(...args.map((at) => values[at]!)));
			}
			case "input":
				return () => given[expression.index]!;
			default:
				throw new Error(`compile: a loop over elements has no ${expression.kind}`);
		}
	};
	const placesOf = (operands: readonly Expression[]) => operands.map(placeOf);
	const placeOf = (expression: Expression): number => {
		let place = places.get(expression);
		if (place === undefined) {
			place = steps.push(stepOf(expression)) - 1;
			places.set(expression, place);
		}
		return place;
	};
	const results = placesOf(expressions);
	const values = new Array<number>(steps.length).fill(0);
	return (inputs) => {
		given = inputs;
		fits = true;
		for (const [i, step] of steps.entries()) values[i] = step(values);
		return fits ? results.map((place) => values[place]!) : null;
	};
}
