import type { Draw } from "../../../lib/core/op.ts";
import * as a from "../../../lib/index.ts";
import { type Block, drawType, type Growing, indented } from "./block.ts";
import { grow } from "./statements.ts";

const drawLength = (draw: Draw) => draw.pick([2, 3, 1, 2, 3, 2, 0, 4]);

function drawCheckpoint(draw: Draw): a.CheckpointOptions {
	const checkpoint = draw.pick([undefined, undefined, undefined, 1, 2, 3, "sqrt", 9] as const);
	return checkpoint === undefined ? {} : { checkpoint };
}

/** What a loop begins with: values that are known, or numbers that depend on nothing. */
function drawCarry(block: Growing, fewest: number): number[] {
	const { draw } = block;
	return Array.from({ length: draw.integer(fewest, 3) }, () => {
		const from = draw.integer(0, 2) === 0 ? block.pick() : null;
		const type = from === null ? drawType(draw) : block.known[from]!;
		if (draw.integer(0, 3) > 0) return block.fitted({ shape: type.shape, dtype: type.dtype });
		const start = a.zeros(type.shape, { dtype: type.dtype });
		const text = `zeros([${type.shape}], { dtype: "${type.dtype}" });`;
		return block.add(
			() => [start],
			(left) => [left + text],
		)[0]!;
	});
}

/** The statements of a step, which hands on what it was given and gives more results. */
function drawStep(block: Growing, given: a.Tensor[], carried: number, results: number): Block {
	const { draw } = block;
	const inner = block.inside(given);
	grow(inner, draw.integer(1, 3));
	const first = block.known.length;
	const next = given.slice(0, carried).map((x, i) => addNext(inner, x, first + i));
	const ys = results === 0 ? [] : inner.results(1, results);
	return inner.block([...next, ...ys]);
}

/** The next carry: something of its type, or the last one and something. */
function addNext(inner: Growing, { shape, dtype }: a.Tensor, last: number): number {
	const other = inner.fitted({ shape, dtype }, false);
	if (dtype === "bool" || inner.draw.integer(0, 1) === 0) return other;
	return inner.add(
		(known) => [known[last]!.add(known[other]!)],
		(left) => [`${left}${inner.name(last)}.add(${inner.name(other)});`],
	)[0]!;
}

/** A loop over entries. */
export function addScan(block: Growing): void {
	const { draw } = block;
	const length = drawLength(draw);
	const carry = drawCarry(block, 0);
	const xs = Array.from({ length: draw.integer(0, 2) }, () => drawEntries(block, length));
	const reverse = draw.integer(0, 2) === 0;
	const options = { length, ...(reverse && { reverse }), ...drawCheckpoint(draw) };
	const entries = xs.map((i) => firstEntry(block.known[i]!));
	const given = [...carry.map((i) => block.known[i]!), ...entries, a.tensor(0, { dtype: "int32" })];
	const n = carry.length;
	const step = drawStep(block, given, n, draw.integer(n === 0 ? 1 : 0, 2));
	const size = block.known.length;
	block.add(
		(known, control) => {
			const made = control.scan(
				(c, x, t) => {
					const all = step.run([...known, ...c, ...x, t], control);
					return [all.slice(0, n), all.slice(n)];
				},
				carry.map((i) => known[i]!),
				xs.map((i) => known[i]!),
				options,
			);
			return made.flat();
		},
		(left) => [
			`${left}scan((${names(size, given.length)}) => {`,
			...indented(step.lines),
			`}, [${carry.map((i) => block.name(i))}], [${xs.map((i) => block.name(i))}], ${JSON.stringify(options)});`,
		],
	);
}

/** A value with so many entries. */
function drawEntries(block: Growing, length: number): number {
	const known =
		block.draw.integer(0, 1) === 0 ? block.pick(({ shape }) => shape[0] === length) : null;
	if (known !== null) return known;
	const { shape, dtype } = drawType(block.draw);
	return block.fitted({ shape: [length, ...shape], dtype });
}

function firstEntry(x: a.Tensor): a.Tensor {
	return x.shape[0]! > 0 ? x.slice(0) : a.zeros(x.shape.slice(1), { dtype: x.dtype });
}

/** A loop over whole numbers. */
export function addFori(block: Growing): void {
	const { draw } = block;
	const from = draw.integer(-1, 2);
	const to = from + drawLength(draw);
	const carry = drawCarry(block, 1);
	const given = [...carry.map((i) => block.known[i]!), a.tensor(from, { dtype: "int32" })];
	const step = drawStep(block, given, carry.length, 0);
	const options = drawCheckpoint(draw);
	const size = block.known.length;
	block.add(
		(known, control) =>
			control.fori(
				from,
				to,
				(c, i) => step.run([...known, ...c, i], control),
				carry.map((i) => known[i]!),
				options,
			),
		(left) => [
			`${left}fori(${from}, ${to}, (${names(size, given.length)}) => {`,
			...indented(step.lines),
			`}, [${carry.map((i) => block.name(i))}], ${JSON.stringify(options)});`,
		],
	);
}

/** A loop with a test, which holds at most so often. */
export function addWhile(block: Growing): void {
	const { draw } = block;
	const carry = drawCarry(block, 1);
	const [most, max] = [draw.integer(0, 4), draw.integer(0, 5)];
	const given = carry.map((i) => block.known[i]!);
	const step = drawStep(block, given, carry.length, 0);
	const inner = block.inside(given, 0);
	const test = inner.block([inner.fitted({ dtype: "bool", shape: draw.pick([[], [1]]) })]);
	const [size, zero] = [block.known.length, a.tensor(0, { dtype: "int32" })];
	block.add(
		(known, control) =>
			control.whileLoop(
				([n, ...c]) => a.logicalAnd(n!.less(most), test.run([...known, ...c], control)[0]!),
				([n, ...c]) => [n!.add(1), ...step.run([...known, ...c], control)],
				[zero, ...carry.map((i) => known[i]!)],
				{ max },
			),
		(left) => [
			`${left}whileLoop((n, ${names(size, given.length)}) => n < ${most} && {`,
			...indented(test.lines),
			`}, (n, ${names(size, given.length)}) => n + 1, {`,
			...indented(step.lines),
			`}, [0, ${carry.map((i) => block.name(i))}], { max: ${max} });`,
		],
	);
}

/** Names of the arguments of a function inside. */
export function names(size: number, count: number): string {
	return Array.from({ length: count }, (_, i) => `v${size + i}`).join(", ");
}
