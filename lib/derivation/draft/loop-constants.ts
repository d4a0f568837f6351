import { elements } from "../../core/strided.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { Probe } from "../../program/probe.ts";
import type { Constant, Program, Value } from "../../program/program.ts";
import { writtenLoop } from "./loop-names.ts";
import { countsOf } from "./loop-steps.ts";
import { choiceBy } from "./open-choices.ts";

/**
 * Where the numbers of a constant begin that are the places of a loop: 0 for 0, 1, 2, …; null for
 * any other value, and where they begin elsewhere at other sizes.
 */
export function firstOfPlaces(value: Value, probes: readonly Probe[]): number | null {
	const from = firstPlace(value);
	const isSame = probes.every((probe) => firstPlace(probe.at(value) ?? value) === from);
	return isSame ? from : null;
}

function firstPlace(value: Value): number | null {
	const { dtype, shape } = value.type;
	if (value.kind !== "constant" || dtype !== "int32" || shape.length !== 1) return null;
	const all = elements(value.tensor);
	const [from] = all;
	return from !== undefined && all.every((x, i) => x === from + i) ? from : null;
}

/** Constants that the steps of loops read one by one, or use: they need a name, however short. */
export function constantsOfLoops(program: Program, probes: readonly Probe[]): Constant[] {
	const found = new Set<Constant>();
	for (const { instructions } of [program, ...blocksIn(program)]) {
		for (const value of instructions) {
			const written = writtenLoop(value);
			if (written === null) continue;
			const { loop, step } = written;
			const { closed, carried } = countsOf(loop);
			const xs = loop.inputs.slice(closed + carried);
			const others = [...loop.inputs.slice(0, closed), ...(step.pull?.ys ?? [])];
			for (const x of [...xs.filter((x) => firstOfPlaces(x, probes) === null), ...others]) {
				if (x?.kind === "constant" && uniformNumber(x) === null) found.add(x);
			}
		}
	}
	return [...found];
}

/**
 * The steps of the loops of a program, and the branches of its choices, those in each other too: a
 * branch has constants of its own, and those that its choice is given.
 */
export function blocksIn({ instructions }: Program): Program[] {
	return instructions.flatMap((value): Program[] => {
		const inside = (writtenLoop(value)?.step ?? choiceBy(value)?.written)?.program;
		return inside === undefined ? [] : [inside, ...blocksIn(inside)];
	});
}
