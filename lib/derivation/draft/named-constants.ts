import { sizeOf } from "../../core/shape.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { Probe } from "../../program/probe.ts";
import type { Constant, Program, Value } from "../../program/program.ts";
import { blocksIn, constantsOfLoops } from "./loop-constants.ts";
import { loopBy } from "./open-loops.ts";

/** Constants with more elements than a person would write out, here or at other sizes. */
const MOST_ELEMENTS = 4;

/** Constants that have a name: large ones, and those that loops read. */
export function namedConstants(program: Program, probes: readonly Probe[]): Constant[] {
	const sizesOf = (value: Value) =>
		[value, ...probes.map((probe) => probe.at(value))].map((x) => sizeOf(x?.type.shape ?? []));
	const byLoops = new Set<Value>(constantsOfLoops(program, probes));
	const byLines = new Set([program, ...blocksIn(program)].flatMap(readByLines));
	const isNamed = (value: Value): value is Constant =>
		value.kind === "constant" &&
		uniformNumber(value) === null &&
		(byLoops.has(value) || (byLines.has(value) && Math.max(...sizesOf(value)) > MOST_ELEMENTS));
	return [...new Set([...valuesOf(program), ...byLines, ...byLoops])].filter(isNamed);
}

/** All values of a program but those that only loops read. */
function readByLines(program: Program): Value[] {
	const lines = program.instructions.filter((step) => loopBy(step) === undefined);
	return valuesOf({ ...program, instructions: lines });
}

/** All values of a program, each once. */
export function valuesOf({ inputs, instructions, outputs }: Program): Value[] {
	const used = instructions.flatMap((step) => [...step.inputs, step]);
	return [...new Set([...inputs, ...used, ...outputs])];
}
