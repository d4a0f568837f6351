import type { Tensor } from "../../core/tensor.ts";
import type { Program, Value } from "../../program/program.ts";
import { isStatement } from "../draft/blocks.ts";
import { variablesIn } from "../draft/expressions.ts";
import type { Block } from "../draft/model.ts";
import { type TermSizes, termSizesAt } from "./term-sizes.ts";

/**
 * The values of a step or a branch that have names: those of its lines, and those that lines read.
 */
export function namesRead(block: Block): Value[] {
	return block.flatMap((item): Value[] =>
		isStatement(item)
			? [item.value, ...variablesIn(item.expression).values()]
			: item.results.map(({ value }) => value),
	);
}

/**
 * The sizes of the terms of values in a step or a branch, as it is written and as the engine
 * recorded it.
 * @param from the value of the recorded one that a value of the written one stands for
 */
export function termSizesWithin(
	inputs: readonly Tensor[],
	{ program, named }: { readonly program: Program; readonly named: readonly Value[] },
	recorded: Program,
	from: ReadonlyMap<Value, Value>,
): TermSizes<Value> {
	const there = named.filter((value) => from.has(value));
	return termSizesAt(
		inputs,
		{ program, named: new Map(named.map((value) => [value, value])) },
		{ program: recorded, named: new Map(there.map((value) => [value, from.get(value)!])) },
	);
}
