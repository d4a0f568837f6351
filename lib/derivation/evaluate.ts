import { broadcastNumber } from "../core/lift.ts";
import { apply } from "../core/op.ts";
import { broadcastShapes } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import type { LineExpression, Statement } from "./draft/model.ts";

/**
 * Runs statements as they stand, expression by expression, and adds the variables to those given.
 * It passes through `apply`, so it can be differentiated.
 * @param override gives a variable another value than its statement does
 */
export function runStatements(
	statements: readonly Statement[],
	variables: Map<string, Tensor>,
	override: (variable: string) => Tensor | null = () => null,
): void {
	for (const { variable, expression } of statements) {
		variables.set(variable, override(variable) ?? evaluate(expression, variables));
	}
}

function evaluate(expression: LineExpression, variables: ReadonlyMap<string, Tensor>): Tensor {
	switch (expression.kind) {
		case "name":
			return variables.get(expression.name)!;
		case "number":
			return broadcastNumber("derive", expression.number, expression.value.type.dtype, []);
		case "constant":
			return expression.value.tensor;
		case "application": {
			const { op, params } = expression;
			const args = expression.args.map((arg) => evaluate(arg, variables));
			if (!op.traits?.elementwise) return apply(op, args, params);
			const shape = broadcastShapes(
				op.name,
				args.map((arg) => arg.shape),
			);
			return apply(
				op,
				args.map((arg) => broadcastTo(arg, shape)),
				params,
			);
		}
	}
}
