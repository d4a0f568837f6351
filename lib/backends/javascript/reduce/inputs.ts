import type { Expression } from "../../../schedule/expression.ts";
import { replacing } from "../../../schedule/replacing.ts";

/**
 * Expressions of slices as such of inputs alone: after so many inputs stand the position in the
 * slice and then the results of the passes.
 */
export function asInputs(inputs: number): (expression: Expression) => Expression {
	return replacing((part) => {
		if (part.kind === "position") return { kind: "input", index: inputs };
		if (part.kind === "result") return { kind: "input", index: inputs + 1 + part.index };
		return null;
	});
}
