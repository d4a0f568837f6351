import { AdjointError } from "../../error.ts";
import { apply } from "../../op.ts";
import { type Constant, constantOf, type Program, type Value } from "../program.ts";
import { rewrite } from "./rewrite.ts";

/** The program with what it computes from constants alone computed. An op that throws is left to throw when the program runs. */
export function withConstantsFolded(program: Program): Program {
	return rewrite(program, (step) => {
		if (!step.inputs.every(isConstant)) return step;
		const tensors = step.inputs.map(({ tensor }) => tensor);
		try {
			return constantOf(apply(step.op, tensors, step.params));
		} catch (error) {
			if (error instanceof AdjointError) return step;
			throw error;
		}
	});
}

function isConstant(value: Value): value is Constant {
	return value.kind === "constant";
}
