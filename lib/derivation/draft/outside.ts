import type { Instruction, Value } from "../../program/program.ts";
import type { Referent } from "./expressions.ts";
import type { ChoiceBlock, Reason } from "./model.ts";
import type { Around } from "./plan-loops.ts";

/** How what stands around a loop is referred to. */
export interface Outside {
	readonly referents: ReadonlyMap<Value, Referent>;
	/** What loops around store, by the variable that each step of theirs has. */
	readonly stores: ReadonlyMap<string, Referent>;
	/** Writes a choice. */
	readonly choice: ChoiceWriter;
}

/** What the lines of a branch say of themselves. */
export interface BranchNotes {
	readonly reason: Reason;
	/** What a result is the gradient of, by its name; null where it is none. */
	readonly gradientOf: (variable: string) => string | null;
}

/** What a variable is the gradient of, by its name; null for one that is none. */
export function gradientNames({
	variables,
	gradients,
}: Pick<Around, "variables" | "gradients">): BranchNotes["gradientOf"] {
	const of = new Map([...gradients].map(([value, name]) => [name, variables.get(value)!]));
	return (variable) => of.get(variable) ?? null;
}

/** Writes a choice that stands in a loop. */
export type ChoiceWriter = (
	choice: Instruction,
	around: Around,
	outside: Outside,
	told: BranchNotes,
) => ChoiceBlock;

/** The names of the lines around a loop that stands in no other. */
export function outermost(referents: ReadonlyMap<Value, Referent>, choice: ChoiceWriter): Outside {
	return { referents, stores: new Map(), choice };
}
