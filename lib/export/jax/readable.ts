import { layerNameOf } from "../../control/loop-origins.ts";
import type { Op } from "../../core/op.ts";
import { decomposeOnly } from "../../program/decompose.ts";
import { bodiesOf, type Program, type Value } from "../../program/program.ts";
import { then } from "../../program/rewrite.ts";
import { simplify } from "../../program/simplify.ts";
import { opened } from "./openings.ts";

/** A program as it is written: its blocks opened, nothing computed in vain. */
export interface Readable {
	readonly program: Program;
	/** What its values would best be called. */
	readonly wishes: ReadonlyMap<Value, string>;
}

/** Whether an op chooses for each example of a batch: that is no block of Python's. */
const isChoiceForEach = (op: Op) => op.lowering === undefined && bodiesOf(op).length > 0;

/**
 * A recorded program as it is written.
 * @param isDifferentiated whether JAX differentiates it: it is told where no derivative flows
 * @param told what values are called besides those that the user or a step of theirs named
 */
export function readableProgram(
	program: Program,
	isDifferentiated: boolean,
	told: Iterable<readonly [Value, string]> = [],
): Readable {
	const plain = decomposeOnly(program, isChoiceForEach);
	const blocks = then(plain, opened(plain.program));
	const isMark = (value: Value) =>
		value.kind === "instruction" && value.op.traits?.byHand === "stopped";
	const keep = new Set(isDifferentiated ? blocks.program.instructions.filter(isMark) : []);
	const { program: simple, after } = then(blocks, simplify(blocks.program, { keep }));
	const wishes = new Map<Value, string>();
	for (const [value, name] of told) wishes.set(after(value), name);
	for (const step of program.instructions) {
		const name = layerNameOf(step) ?? step.op.traits?.label?.(step.params);
		if (name !== undefined) wishes.set(after(step), name);
	}
	return { program: simple, wishes };
}
