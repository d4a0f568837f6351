import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { asProgram, draw, type ListFunction, transforms } from "./loops.ts";

/** A loop or a branch as one of ours, and written out in JavaScript. */
interface Case {
	readonly name: string;
	readonly x: readonly Tensor[];
	readonly ours: ListFunction;
	readonly written: ListFunction;
}

/** Terms from which steps are made: of the carry, an entry of xs, and a matrix from outside. */
const terms: readonly ((h: Tensor, x: Tensor, w: Tensor) => Tensor)[] = [
	(h, x, w) => h.dot(w).add(x).tanh(),
	(h, x) => h.mul(x.sigmoid()).sub(0.1),
	(h, x, w) => a.where(h.greater(x), h.mul(0.5), w.sum(0).mul(x)),
	(h, _, w) => w.dot(h).sin(),
	(h, x) => h.add(x).softmax().mul(h.square().sum().add(1).sqrt()),
	(_, x, w) => a.maximum(x, w.mean(1)),
];

type Pick3 = readonly [number, number, number];

function steps(picks: Pick3) {
	const [first, second, third] = picks.map((i) => terms[i]!);
	return (h: Tensor, x: Tensor, w: Tensor): [Tensor, Tensor] => {
		const next = first!(h, x, w);
		return [second!(next, h, w), third!(next, x, w).sum()];
	};
}

/** A loop over rows by a step of three terms. */
function scanning(picks: Pick3, options: a.LoopOptions): Case {
	const step = steps(picks);
	return {
		name: `scan of ${picks} ${JSON.stringify(options)}`,
		x: [draw(1, 3), draw(2, 5, 3), draw(3, 3, 3)],
		ours: ([h, xs, w]) => {
			return [...a.scan((h: Tensor, x: Tensor) => step(h, x, w!), h!, xs!, options)];
		},
		written: ([start, xs, w]) => {
			let h = start!;
			const ys: Tensor[] = [];
			for (let i = 0; i < 5; i++) {
				const t = options.reverse ? 4 - i : i;
				[h, ys[t]] = step(h, xs!.slice(t), w!);
			}
			return [h, a.stack(ys)];
		},
	};
}

const byHand: readonly Case[] = [
	{
		name: "fori whose step uses its number",
		x: [draw(4, 2, 2), draw(5, 2)],
		ours: ([w, v]) => [
			a.fori(2, 6, (c, i) => w!.dot(c).add(i.astype("float64").mul(0.1)).tanh(), v!),
		],
		written: ([w, v]) => {
			let c = v!;
			for (let i = 2; i < 6; i++)
				c = w!
					.dot(c)
					.add(i * 0.1)
					.tanh();
			return [c];
		},
	},
	{
		name: "a loop in a loop, the inner one over what the outer one carries",
		x: [draw(6, 3), draw(7, 4, 3)],
		ours: ([h, xs]) => [
			a.scan(
				(h: Tensor, x: Tensor) => {
					const [n, ys] = a.scan(
						(c: Tensor, y: Tensor) => [c.mul(y).add(x.sum()).sin(), c.mul(2)],
						h.sum(),
						h.mul(x),
					);
					return [h.mul(n).add(ys), null];
				},
				h!,
				xs!,
			)[0],
		],
		written: ([start, xs]) => {
			let h = start!;
			for (let t = 0; t < 4; t++) {
				const x = xs!.slice(t);
				const rows = h.mul(x);
				let c = h.sum();
				const ys: Tensor[] = [];
				for (let i = 0; i < 3; i++) {
					ys.push(c.mul(2));
					c = c.mul(rows.slice(i)).add(x.sum()).sin();
				}
				h = h.mul(c).add(a.stack(ys));
			}
			return [h];
		},
	},
	{
		name: "a branch in a loop, a loop in a branch",
		x: [draw(8, 3), draw(9, 6, 3)],
		ours: ([h, xs]) => [
			a.scan(
				(h: Tensor, x: Tensor) => {
					const next = a.cond(
						x.sum().greater(0),
						(h) => a.fori(0, 3, (c) => c.mul(x).add(1).tanh(), h),
						(h) => h.sub(x).mul(0.5),
						h,
					);
					return [next, next.sum()];
				},
				h!,
				xs!,
			)[1],
		],
		written: ([start, xs]) => {
			let h = start!;
			const ys: Tensor[] = [];
			for (let t = 0; t < 6; t++) {
				const x = xs!.slice(t);
				const isYes = draw(9, 6, 3).slice(t).sum().item() > 0;
				if (isYes) for (let i = 0; i < 3; i++) h = h.mul(x).add(1).tanh();
				else h = h.sub(x).mul(0.5);
				ys.push(h.sum());
			}
			return [a.stack(ys)];
		},
	},
	{
		name: "switchCase with branches that use different things",
		x: [draw(10, 3), draw(11, 3), a.tensor([0.2, 1.3, 2.1])],
		ours: ([x, y, z]) => [
			a.scan(
				(c: Tensor, i: Tensor) => [
					c.add(
						a.switchCase(
							i,
							[(c) => c.mul(y!), (c) => c.sin().dot(x!).add(y!), () => z!.square()],
							c,
						),
					),
					null,
				],
				x!,
				a.tensor([2, 0, 1, 1], { dtype: "int32" }),
			)[0],
		],
		written: ([x, y, z]) => {
			let c = x!;
			for (const i of [2, 0, 1, 1]) {
				c = c.add([c.mul(y!), c.sin().dot(x!).add(y!), z!.square()][i]!);
			}
			return [c];
		},
	},
	{
		name: "whileLoop with a bound, in which a value from outside is used",
		x: [a.tensor([0.3, 0.2]), a.tensor(1.4)],
		ours: ([c, k]) => {
			const { x, n } = a.whileLoop(
				({ x }) => x.sum().less(3),
				({ x, n }) => ({ x: x.mul(k!).add(0.01), n: n.add(1) }),
				{ x: c!, n: a.tensor(0, { dtype: "int32" }) },
				{ max: 9 },
			);
			return [x, n];
		},
		written: ([c, k]) => {
			let [x, n] = [c!, 0];
			while (x.sum().item() < 3) [x, n] = [x.mul(k!).add(0.01), n + 1];
			return [x, a.tensor(n, { dtype: "int32" })];
		},
	},
];

const wanted = new Map<string, Tensor[]>();

/** What a loop written out gives by a transform, which is run once. */
function wantedOf({ name, x, written }: Case, transform: string): Tensor[] {
	const key = `${name}, ${transform}`;
	const known = wanted.get(key) ?? transforms(written)[transform]!(x);
	wanted.set(key, known);
	return known;
}

/** The results of both, by transforms, all if left out; `run` says how ours run. */
function agree(
	each: Case,
	run: (f: ListFunction) => ListFunction,
	chosen = Object.keys(transforms(each.ours)),
): void {
	for (const transform of chosen) {
		const is = run(transforms(each.ours)[transform]!)(each.x);
		const should = wantedOf(each, transform);
		assert.is(is.length, should.length, each.name);
		for (const [i, y] of is.entries()) {
			try {
				near(y, should[i]!, 1e-11);
			} catch (error) {
				throw new Error(`${each.name}, ${transform}, ${i}: ${(error as Error).message}`);
			}
		}
	}
}

suite("loops and branches", (test) => {
	const drawn: readonly [Pick3, a.LoopOptions][] = [
		[[0, 1, 2], {}],
		[[3, 4, 5], { reverse: true }],
		[[2, 0, 1], { checkpoint: 2 }],
		[[1, 3, 0], { checkpoint: "sqrt", reverse: true }],
		[[5, 2, 3], { checkpoint: 9 }],
	];
	const scans = drawn.map(([picks, options]) => scanning(picks, options));
	const cases = [...scans, ...byHand];

	test("are as loops written out, recorded as ops of a program", () => {
		for (const each of cases) agree(each, asProgram);
	});

	test("are as loops written out, run as they are", () => {
		// Without checkpoints they are loops written out.
		for (const each of scans.slice(2)) agree(each, (f) => f);
		for (const each of byHand) agree(each, (f) => f, ["values", "gradient", "tangent"]);
	});

	test("are as loops written out, compiled", () => {
		const run = (f: ListFunction) => compile((x: readonly Tensor[]) => f(x));
		const few = ["values", "tangent of the gradient"];
		for (const each of [scans[0]!, scans[3]!, ...byHand]) agree(each, run, few);
	});
});
