import { type LeftGradient, leftGradient } from "../../control/left-gradients.ts";
import { type Opening, openedWhile, openLoops } from "../../derivation/draft/open-loops.ts";
import { type Opened, OpenedOps } from "../../derivation/draft/opened-ops.ts";
import type { Program, Value } from "../../program/program.ts";
import type { Rewritten } from "../../program/rewrite.ts";

/** A gradient that is left to JAX, opened: its results are parts. */
export interface OpenGradient extends Opened, LeftGradient {}

const gradients = new OpenedOps<OpenGradient>((op) => ({ ...leftGradient(op)! }));

/** The gradient that a value of an opened program stands for; undefined for any other value. */
export const gradientBy = (value: Value): OpenGradient | undefined => gradients.by(value);

const openedGradient: Opening = (op) => {
	const left = leftGradient(op);
	return left === undefined ? null : { op: gradients.open(op), types: left.types };
};

/** A program with all in parts that is a block in Python: loops, choices, gradients left to JAX. */
export function opened(program: Program): Rewritten {
	return openLoops(program, (op, params) => openedGradient(op, params) ?? openedWhile(op, params));
}
