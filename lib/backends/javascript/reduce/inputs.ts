import type { Expression } from "../../../schedule/expression.ts";

/**
 * Expressions of slices as such of inputs alone: after so many inputs stand the position in the
 * slice and then the results of the passes. What expressions share they go on to share.
 */
export function asInputs(inputs: number): (expression: Expression) => Expression {
	const known = new Map<Expression, Expression>();
	const replaced = (expression: Expression): Expression => {
		switch (expression.kind) {
			case "position":
				return { kind: "input", index: inputs };
			case "result":
				return { kind: "input", index: inputs + 1 + expression.index };
			case "cast":
				return { ...expression, of: visit(expression.of) };
			case "random": {
				const { key, counters } = expression;
				return { ...expression, key: key.map(visit), counters: counters.map(visit) };
			}
			case "chance": {
				const { number, probability } = expression;
				return { ...expression, number: visit(number), probability: visit(probability) };
			}
			case "pick":
				return { ...expression, number: visit(expression.number) };
			case "formula":
				return { ...expression, args: expression.args.map(visit) };
			default:
				return expression;
		}
	};
	const visit = (expression: Expression): Expression => {
		const found = known.get(expression) ?? replaced(expression);
		known.set(expression, found);
		return found;
	};
	return visit;
}
