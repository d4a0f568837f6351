import type { TensorType } from "../../../lib/core/op.ts";
import { type Block, drawType, type Growing, indented } from "./block.ts";
import { names } from "./recurrences.ts";
import { grow } from "./statements.ts";

/** One of several blocks, chosen by a value. */
export function addBranch(block: Growing): void {
	const { draw } = block;
	const isCond = draw.integer(0, 1) === 0;
	const count = isCond ? 2 : draw.integer(1, 3);
	const shape = draw.pick([[], [1]]);
	const index = isCond
		? block.fitted({ dtype: "bool", shape })
		: addIndex(block, block.fitted({ dtype: "int32", shape }), count);
	const operands = Array.from({ length: draw.integer(0, 2) }, () => block.pick()!);
	const types = Array.from({ length: draw.integer(1, 2) }, () => drawType(draw));
	const given = operands.map((i) => block.known[i]!);
	const branches = Array.from({ length: count }, () => {
		const inner = block.inside(given);
		return drawBranch(inner, types);
	});
	const size = block.known.length;
	block.add(
		(known, control) => {
			const functions = branches.map(
				({ run }) =>
					(x: readonly (typeof known)[number][]) =>
						run([...known, ...x], control),
			);
			const x = operands.map((i) => known[i]!);
			if (!isCond) return control.switchCase(known[index]!, functions, x);
			return control.cond(known[index]!, functions[0]!, functions[1]!, x);
		},
		(left) => [
			`${left}${isCond ? "cond" : "switchCase"}(${block.name(index)},`,
			...branches.flatMap(({ lines }) => [
				`(${names(size, given.length)}) => {`,
				...indented(lines),
				"},",
			]),
			`[${operands.map((i) => block.name(i))}]);`,
		],
	);
}

/** The place of a whole number that says one of so many branches. */
function addIndex(block: Growing, from: number, count: number): number {
	return block.add(
		(known) => [known[from]!.mod(count)],
		(left) => [`${left}${block.name(from)}.mod(${count});`],
	)[0]!;
}

function drawBranch(inner: Growing, types: readonly TensorType[]): Block {
	grow(inner, inner.draw.integer(0, 2));
	return inner.block(types.map((type) => inner.fitted(type)));
}
