import type { ShaderOperand, Temporary } from "./shader.ts";

/** The operands of a kernel, and after them its temporaries, each in a slot of its own. */
export function withTemporaries(
	operands: readonly ShaderOperand[],
	temporaries: readonly Temporary[],
): ShaderOperand[] {
	const first = 1 + Math.max(-1, ...operands.map(({ slot }) => slot));
	const added = temporaries.map(({ dtype }, i) => ({ dtype, slot: first + i, aligned: true }));
	return [...operands, ...added];
}
