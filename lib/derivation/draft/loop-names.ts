import type { Instruction, Program, Value } from "../../program/program.ts";
import type { WrittenStep } from "./loop-model.ts";
import { countsOf } from "./loop-steps.ts";
import type { Names } from "./names.ts";
import { choiceBy } from "./open-choices.ts";
import { loopBy, partOf } from "./open-loops.ts";

/** The loop that a value is, with what is written of its step; null for any other value. */
export function writtenLoop(value: Value): { loop: Instruction; step: WrittenStep } | null {
	const step = loopBy(value)?.written;
	return step === undefined ? null : { loop: value as Instruction, step };
}

/** The results of a loop that a program reads, by their places among them. */
export function partsRead({ instructions, outputs }: Program, loop: Value): Map<number, Value> {
	const found = new Map<number, Value>();
	for (const value of [...instructions, ...outputs]) {
		const part = partOf(value);
		if (part?.loop === loop) found.set(part.index, value);
	}
	return found;
}

/** What a loop's variables are called by: the user's names in its step, and outside. */
interface Wishes {
	readonly names: Names;
	/** The user's name of a value of the program. */
	readonly label: (value: Value) => string | undefined;
	/** The user's name of a value of the step. */
	readonly inside: (value: Value) => string | undefined;
	/** What a value of the program is called so far. */
	readonly known: (value: Value) => string | undefined;
}

/**
 * Names for the carry and the results of all steps: those that the user or a layer gave, or a key
 * of the carry; `h` where it starts from `h0`, and `h_t` where from `h`; `hs` for all that a
 * variable `h` was.
 */
export function nameLoop(
	{ loop, step }: { loop: Instruction; step: WrittenStep },
	parts: ReadonlyMap<number, Value>,
	{ names, label, inside, known }: Wishes,
): string[] {
	const { closed, carried } = countsOf(loop);
	const outputs = step.program.outputs.slice(0, step.results);
	const outer = (i: number) => {
		const part = parts.get(i);
		return part === undefined ? undefined : label(part);
	};
	const made: string[] = [];
	const stems: string[] = [];
	for (const [i, output] of outputs.entries()) {
		const own = output.kind === "instruction" ? inside(output) : undefined;
		if (i < carried) {
			const start = known(loop.inputs[closed + i]!);
			const key = inside(step.program.inputs[closed + i]!);
			const before = start !== undefined && /\D0$/.test(start) ? start.slice(0, -1) : start;
			const wanted = own ?? outer(i) ?? key ?? before ?? "carry";
			// Where it starts from a variable of that name, that one is kept.
			made.push(names.claim(wanted === start ? `${wanted}_t` : wanted));
			stems.push(wanted);
			continue;
		}
		const at = outputs.slice(0, carried).indexOf(output);
		const one = at >= 0 ? stems[at]! : own;
		const all = one === undefined ? "ys" : severalOf(one);
		made.push(names.claim(outer(i) ?? all));
	}
	return made;
}

/** What all that a variable was is called: `hs` for `h`. */
export function severalOf(name: string): string {
	return /\d$/.test(name) ? `${name}_s` : `${name}s`;
}

/**
 * The values that a program's loops are written with by their names: what they read, and what comes
 * back to what they gave.
 */
export function loopValues({ instructions }: Program): Value[] {
	return instructions.flatMap((value) => {
		if (choiceBy(value)) return value.inputs.filter(({ kind }) => kind !== "constant");
		const written = writtenLoop(value);
		if (written === null) return [];
		const { closed, carried } = countsOf(value);
		const read = value.inputs.filter((_, i) => i < closed || i >= closed + carried);
		return [...read, ...(written.step.pull?.ys ?? [])].filter((x) => x !== null);
	});
}

/** Whether a result is that of a choice, or what all steps of a loop gave. */
export function isStored({ loop, index }: { loop: Instruction; index: number }): boolean {
	if (choiceBy(loop)) return true;
	const { carried } = countsOf(loop);
	return index >= carried && writtenLoop(loop) !== null;
}
