import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { draw, type ListFunction } from "./loops.ts";

/** A function of one example, and the arguments of a batch: those with axis null are for all. */
interface Case {
	readonly name: string;
	readonly f: ListFunction;
	readonly x: readonly Tensor[];
	/** Which arguments have examples, in the ways that are tried. */
	readonly axes: readonly (readonly (number | null)[])[];
}

const SIZE = 4;

const scanning: ListFunction = ([h, xs, w]) => {
	const step = (h: Tensor, x: Tensor, t: Tensor) => {
		const next = h.mul(w!).sum().add(x).tanh().add(t.astype("float64").mul(0.1));
		return [h.mul(0.5).add(next), [next.square(), w!.sum()]] as const;
	};
	const [last, [y, z]] = a.scan(step, h!, xs!);
	return [last, y!, z!];
};

const reversed: ListFunction = ([h, xs, w]) => {
	const step = (h: Tensor, x: Tensor) => [h.mul(w!).add(x).sin(), h] as const;
	return [...a.scan(step, h!, xs!, { reverse: true, checkpoint: 2 })];
};

/** Values that are positive, zero and negative, so that examples go different ways. */
const signs = a.tensor([0.7, -0.3, 0, 1.1]);

/** Loops and branches of one example. */
export const cases: readonly Case[] = [
	{
		name: "scan",
		f: scanning,
		x: [draw(1, 3), draw(2, 5), draw(3, 3)],
		axes: [
			[0, 0, null],
			[null, 0, null],
			[1, null, null],
			[null, null, 0],
			[0, 1, 0],
		],
	},
	{
		name: "scan, backwards and with checkpoints",
		f: reversed,
		x: [draw(4, 2), draw(5, 5, 2), draw(6, 2)],
		axes: [
			[0, 2, null],
			[null, null, 1],
		],
	},
	{
		name: "fori in fori, whose carry gets the batch in the inner loop only",
		f: ([x, y]) => [
			a.fori(
				0,
				3,
				([c, d], i) => {
					const inner = a.fori(0, 2, (e) => e.mul(d).add(i.astype("float64")).tanh(), c);
					return [inner, d.mul(0.9).add(y!)] as [Tensor, Tensor];
				},
				[x!, a.ones([2])] as [Tensor, Tensor],
			)[0],
		],
		x: [draw(7, 2), draw(8, 2)],
		axes: [
			[0, 0],
			[null, 0],
			[0, null],
		],
	},
	{
		name: "cond whose test differs from example to example",
		f: ([t, x, w]) => [
			a.cond(
				t!.greater(0),
				(x) => x.dot(w!).tanh(),
				(x) => x.mul(t!).add(1),
				x!,
			),
			a.cond(
				t!.less(0.5),
				() => w!.sum(0),
				() => x!,
			),
		],
		x: [a.tensor(0.4), draw(9, 3), draw(10, 3, 3)],
		axes: [
			[0, 0, null],
			[0, null, null],
			[null, 0, 1],
			[0, 1, 2],
		],
	},
	{
		name: "switchCase in scan, by an index of each example and step",
		f: ([x, y, w]) => {
			const step = (c: Tensor, y: Tensor) => {
				const index = a.clip(y.add(c.sum()).mul(2).add(1).floor(), 0, 2).astype("int32");
				const next = a.switchCase(
					index,
					[(c) => c.mul(w!), (c) => c.sin().add(y), () => w!.square().mul(0.5)],
					c,
				);
				return [next, next.sum()] as const;
			};
			return [...a.scan(step, x!, y!)];
		},
		x: [draw(11, 2), draw(12, 4), draw(13, 2)],
		axes: [
			[0, 0, null],
			[null, null, 0],
		],
	},
	{
		name: "whileLoop with as many steps as each example takes",
		f: ([x, k]) => {
			const { x: last, n } = a.whileLoop(
				({ x }) => x.abs().sum().less(2),
				({ x, n }) => ({ x: x.mul(k!.add(1.5)).add(0.01), n: n.add(1) }),
				{ x: x!, n: a.tensor(0, { dtype: "int32" }) },
				{ max: 7 },
			);
			return [last, n];
		},
		x: [draw(14, 2), a.tensor(0.1)],
		axes: [
			[0, null],
			[null, 0],
			[1, 0],
		],
	},
	{
		name: "whileLoop whose test is the same for all",
		f: ([x]) => {
			const { y, n } = a.whileLoop(
				({ n }) => n.less(3),
				({ y, n }) => ({ y: y.mul(x!).add(n.astype("float64")), n: n.add(1) }),
				{ y: a.ones([2]), n: a.tensor(0, { dtype: "int32" }) },
				{ max: 5 },
			);
			return [y, n];
		},
		x: [draw(15, 2)],
		axes: [[0]],
	},
];

/** The arguments of each example: all positive, zero and negative factors of one. */
export function examplesOf({ x }: Case, axes: readonly (number | null)[]): Tensor[][] {
	return Array.from({ length: SIZE }, (_, k) =>
		x.map((each, i) => (axes[i] === null ? each : each.add(signs.slice(k)).mul(0.8))),
	);
}

/** The same as one batch. */
export function together(
	examples: readonly Tensor[][],
	axes: readonly (number | null)[],
): Tensor[] {
	return axes.map((axis, i) => {
		const each = examples.map((x) => x[i]!);
		return axis === null ? each[0]! : a.stack(each, axis);
	});
}

/** The function of a batch, by vmap. */
export const batchOf =
	(f: ListFunction, axes: readonly (number | null)[]): ListFunction =>
	(x) =>
		a.vmap((...x: Tensor[]) => f(x), { in: axes })(...x);

/** The same by running one example after the other. */
export const eachOf =
	(f: ListFunction, axes: readonly (number | null)[]): ListFunction =>
	(x) => {
		const results = Array.from({ length: SIZE }, (_, k) =>
			f(
				x.map((each, i) => {
					const axis = axes[i]!;
					return axis === null ? each : each.slice(...new Array<null>(axis).fill(null), k);
				}),
			),
		);
		return results[0]!.map((_, i) => a.stack(results.map((list) => list[i]!)));
	};
