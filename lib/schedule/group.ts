import type { Instruction } from "../program/program.ts";

/** Instructions that run as one: what they compute on the way need not be stored. */
export interface Group {
	/**
	 * The member that says what the group becomes. A product may be followed by a loop over its
	 * elements, a reduction preceded by one; what is computed may be placed.
	 */
	readonly lead: Instruction;
	/** The last one comes last in the program too. */
	readonly members: readonly Instruction[];
}

/** The reading of a value. */
export interface Use {
	/**
	 * Where the reader stands among the instructions that compute; a result of the program is read
	 * after all of them.
	 */
	readonly at: number;
	/** Null for a result of the program. */
	readonly reader: Instruction | null;
	/** Whether it reads the elements one for one. */
	readonly direct: boolean;
}
