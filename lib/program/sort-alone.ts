import { instructionOf, type Program, type Value } from "./program.ts";
import { asItIs, rewrite } from "./rewrite.ts";

/**
 * The same program, where elements that are taken in an order which nobody else reads are sorted
 * without their positions.
 */
export function sortAlone(program: Program): Program {
	const read = [...program.outputs, ...program.instructions.flatMap(({ inputs }) => inputs)];
	return rewrite(program, {
		...asItIs,
		apply: (step, inputs) => {
			const [x, order] = step.inputs as [Value, Value?];
			if (step.op.lowering !== "along axis" || order?.kind !== "instruction") {
				return { ...step, inputs };
			}
			const sorted = order.op.traits?.sorts?.(order.params);
			const { axis } = step.params as { axis: number };
			const isAlone = order.inputs[0] === x && read.filter((value) => value === order).length === 1;
			if (sorted?.axis !== axis || !isAlone) return { ...step, inputs };
			return instructionOf(sorted.op, [inputs[0]!], { axis });
		},
	}).program;
}
