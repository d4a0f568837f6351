import * as fc from "fast-check";
import { drawn } from "../../lib/check/arbitrary-draw.ts";
import type { Draw } from "../../lib/core/op.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { fori, scan, type Tensor } from "../../lib/index.ts";

/** Loops of vectors of one size, in loops too, and arguments at which to derive them. */
export interface RandomLoops {
	readonly derivation: () => Derivation;
	/** As fast-check shows it. */
	readonly [fc.toStringMethod]: () => string;
}

const UNARY: readonly ((x: Tensor) => Tensor)[] = [
	(x) => x.tanh(),
	(x) => x.sin(),
	(x) => x.neg(),
	(x) => x.mul(0.5),
	(x) => x.sigmoid(),
	(x) => x.square().add(1).sqrt(),
];
const BINARY: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [
	(x, y) => x.add(y),
	(x, y) => x.sub(y),
	(x, y) => x.mul(y.sin()),
	(x, y) => x.maximum(y),
	(x, y) => x.div(y.square().add(1)),
];
const NAMES = ["h", "z", "t", "g", "grad_h", "hs", "carry", "x", "W", "i", "each"];

/** Random functions of loops. */
export function randomLoops(): fc.Arbitrary<RandomLoops> {
	return drawn((draw) => {
		const [size, length] = [draw.integer(1, 3), draw.integer(1, 4)];
		const args = {
			p: { W: draw.tensor([size, size]), b: draw.tensor([size]) },
			x: draw.tensor([length, size]),
		};
		const line = loopOf(draw, 3, 2);
		const f = ({ W, b }: Record<"W" | "b", Tensor>, x: Tensor) => {
			const row = x.slice(0);
			return line([b, row, b.dot(W)], { W, x })
				.square()
				.sum();
		};
		const derivation = () => derive(f, args);
		return { derivation, [fc.toStringMethod]: () => derivation().print("ts") };
	});
}

/** What all loops may read besides vectors. */
interface Given {
	readonly W: Tensor;
	readonly x: Tensor;
}

/** A loop whose carry starts from what is known. */
function loopOf(draw: Draw, known: number, depth: number) {
	const carried = draw.integer(1, 2);
	const starts = Array.from({ length: carried }, () => draw.integer(0, known - 1));
	const isScan = draw.integer(0, 2) > 0;
	const options = { reverse: draw.integer(0, 1) === 1 };
	const steps = draw.integer(1, 3);
	const body = stepOf(draw, known + carried + (isScan ? 1 : 0), depth);
	const next = Array.from({ length: carried }, () => draw.integer(0, body.size - 1));
	const y = draw.integer(0, body.size - 1);
	return (given: readonly Tensor[], all: Given): Tensor => {
		const carry = starts.map((i) => given[i]!);
		const run = (carry: readonly Tensor[], rest: readonly Tensor[]) =>
			body.run([...given, ...carry, ...rest], all);
		if (!isScan) {
			const last = fori(
				0,
				steps,
				(c: readonly Tensor[]) => {
					const there = run(c, []);
					return next.map((i) => there[i]!.tanh());
				},
				carry,
			);
			return last.reduce((sum, x) => sum.add(x));
		}
		const step = (c: readonly Tensor[], row: Tensor) => {
			const there = run(c, [row]);
			return [next.map((i) => there[i]!.tanh()), there[y]!] as const;
		};
		const [last, ys] = scan(step, carry, all.x, options);
		return last.reduce((sum, x) => sum.add(x), (ys as Tensor).sum(0));
	};
}

/** The lines of a step. */
function stepOf(draw: Draw, known: number, depth: number) {
	const lines: ((known: readonly Tensor[], all: Given) => Tensor)[] = [];
	const count = draw.integer(1, 4);
	for (let k = 0; k < count; k++) {
		const there = known + k;
		const [i, j] = [draw.integer(0, there - 1), draw.integer(0, there - 1)];
		const name = draw.integer(0, 1) === 1 ? draw.pick(NAMES) : null;
		const named = (x: Tensor) => (name === null ? x : x.as(name));
		const kind = draw.integer(0, depth > 1 ? 6 : 5);
		if (kind < 2) {
			const f = draw.pick(UNARY);
			lines.push((all) => named(f(all[i]!)));
		} else if (kind < 5) {
			const f = draw.pick(BINARY);
			lines.push((all) => named(f(all[i]!, all[j]!)));
		} else if (kind === 5) lines.push((all, { W }) => named(all[i]!.dot(W)));
		else lines.push(loopOf(draw, there, depth - 1));
	}
	return {
		size: known + count,
		run: (given: readonly Tensor[], all: Given) => {
			const there = [...given];
			for (const line of lines) there.push(line(there, all));
			return there;
		},
	};
}
