import { instructionOf, type Program, type Value } from "./program.ts";
import { asItIs, rewrite } from "./rewrite.ts";
import { countUses } from "./simplify.ts";

/**
 * The same program, where elements that are taken in an order which nobody else reads are sorted
 * without their positions.
 */
export function sortAlone(program: Program): Program {
	if (!program.instructions.some(({ op }) => op.traits?.sorts !== undefined)) return program;
	const uses = countUses(program);
	return rewrite(program, {
		...asItIs,
		apply: (step, inputs) => {
			const [x, order] = step.inputs as [Value, Value?];
			if (step.op.lowering !== "along axis" || order?.kind !== "instruction") {
				return { ...step, inputs };
			}
			const sorted = order.op.traits?.sorts?.(order.params);
			const { axis } = step.params as { axis: number };
			const isAlone = order.inputs[0] === x && uses.get(order) === 1;
			if (sorted?.axis !== axis || !isAlone) return { ...step, inputs };
			return instructionOf(sorted.op, [inputs[0]!], { axis });
		},
	}).program;
}
