import { fori, random, scan, type Tensor, tensor, zeros } from "../../../lib/index.ts";
import type { Example } from "./mutants.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

type Weights = Record<string, Tensor>;

/** Functions with loops, forward and backward, in loops too. */
export const loopExamples: readonly Example[] = [
	{
		name: "rnn",
		f: ({ W, U, b }: Weights, x: Tensor, h0: Tensor) => {
			const step = (h: Tensor, x: Tensor) => {
				const next = x.dot(W!).add(h.dot(U!)).add(b!).as("z").tanh().as("h");
				return [next, next] as const;
			};
			return scan(step, h0, x)[1].square().mean();
		},
		args: {
			net: { W: normal(1, [3, 5]), U: normal(2, [5, 5]), b: normal(3, [5]) },
			...{ x: normal(4, [4, 2, 3]), h0: normal(5, [2, 5]) },
		},
		options: { axes: { W: ["D", "H"], U: ["H", "H"], x: ["T", "B", "D"] } },
	},
	{
		name: "gru",
		f: ({ Wz, Uz, Wr, Ur, Wh, Uh }: Weights, x: Tensor, h0: Tensor) => {
			const step = (h: Tensor, x: Tensor) => {
				const z = x.dot(Wz!).add(h.dot(Uz!)).sigmoid().as("z");
				const r = x.dot(Wr!).add(h.dot(Ur!)).sigmoid().as("r");
				const k = x.dot(Wh!).add(r.mul(h).dot(Uh!)).tanh().as("k");
				return [z.mul(h).add(z.mul(-1).add(1).mul(k)).as("h"), null] as const;
			};
			return scan(step, h0, x)[0].square().sum();
		},
		args: {
			net: {
				...{ Wz: normal(1, [3, 4]), Uz: normal(2, [4, 4]), Wr: normal(3, [3, 4]) },
				...{ Ur: normal(4, [4, 4]), Wh: normal(5, [3, 4]), Uh: normal(6, [4, 4]) },
			},
			...{ x: normal(7, [5, 2, 3]), h0: normal(8, [2, 4]) },
		},
	},
	{
		name: "cumulativeProduct",
		f: ({ w, c }: Weights) => fori(0, 5, (p: Tensor) => p.mul(w!.cos()).as("p"), c!).sum(),
		args: { p: { w: normal(1, [3]), c: normal(2, [3]) } },
	},
	{
		name: "leakyIntegrator",
		f: ({ a, w }: Weights, x: Tensor) => {
			const step = (v: Tensor, x: Tensor) => {
				const next = v.mul(a!).add(x.dot(w!)).maximum(0).as("v");
				return [next, next] as const;
			};
			return scan(step, zeros([2]), x, { reverse: true })[1]
				.square()
				.sum();
		},
		args: { p: { a: tensor(0.9), w: normal(1, [3, 2]) }, x: normal(2, [6, 3]) },
	},
	{
		name: "loopsInLoops",
		f: ({ W, b }: Weights, x: Tensor) => {
			const cell = (g: Tensor, x: Tensor) => {
				const next = g.mul(W!).add(x).tanh().as("g");
				return [next, next] as const;
			};
			const row = (h: Tensor, row: Tensor) => {
				const [last, all] = scan(cell, h.add(b!), row);
				return [last, all.mul(2)] as const;
			};
			return scan(row, normal(5, [2]), x)[1]
				.square()
				.sum();
		},
		args: { p: { W: normal(1, [2]), b: normal(2, [2]) }, x: normal(3, [4, 3, 2]) },
	},
];
