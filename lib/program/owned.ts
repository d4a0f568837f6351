import type { Instruction, Program, Value } from "./program.ts";

/** So many instructions are looked at: a person would not rewrite more at once. */
const MOST_OWNED = 32;

/**
 * For each instruction those that are there for its sake alone: whatever needs one of them is one
 * of them too, or the instruction itself. Were that written in another way, they would be gone.
 */
export function ownedIn({ instructions, outputs }: Program): (of: Instruction) => Instruction[] {
	const position = new Map<Value, number>(instructions.map((step, i) => [step, i]));
	const users = new Map<Value, Instruction[]>();
	for (const step of instructions) {
		for (const input of new Set(step.inputs)) {
			if (!users.has(input)) users.set(input, []);
			users.get(input)!.push(step);
		}
	}
	const results = new Set(outputs);
	return (of) => {
		const owned = new Set<Value>([of]);
		const waiting = new Set<Value>(of.inputs);
		// Users come later: with the last one first, all that need it have been looked at.
		while (waiting.size > 0 && owned.size <= MOST_OWNED) {
			const last = [...waiting].reduce((a, b) =>
				(position.get(b) ?? -1) > (position.get(a) ?? -1) ? b : a,
			);
			waiting.delete(last);
			if (last.kind !== "instruction" || results.has(last)) continue;
			if (!users.get(last)!.every((user) => owned.has(user))) continue;
			owned.add(last);
			for (const input of last.inputs) waiting.add(input);
		}
		owned.delete(of);
		return [...owned] as Instruction[];
	};
}
