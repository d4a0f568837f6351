import { random, stopGradient, type Tensor, where } from "../../../lib/index.ts";
import * as nn from "../../../lib/nn/index.ts";
import { Draw } from "../gallery/entry.ts";
import { gallery } from "../gallery/index.ts";
import { nets } from "../nets.ts";
import type { Example } from "./mutants.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

type Weights = Record<string, Tensor>;

/** Functions whose lines hold masks, transposes, shares that add up, factors and reductions. */
export const examples: readonly Example[] = [
	...Object.entries(nets).map(([name, { f, args, axes }]) => ({
		name,
		f,
		args,
		options: axes === undefined ? {} : { axes },
	})),
	{
		name: "layerNorm",
		f: ({ gamma, beta, h }: Weights, g: Tensor) => {
			const centered = h!.sub(h!.mean(1, { keepDims: true })).as("centered");
			const sigma = centered.square().mean(1, { keepDims: true }).add(1e-5).sqrt().as("sigma");
			const normalized = centered.div(sigma).as("x_hat");
			return normalized.mul(gamma!).add(beta!).mul(g).sum();
		},
		args: {
			weights: { gamma: normal(1, [3]), beta: normal(2, [3]), h: normal(3, [5, 3]) },
			g: normal(4, [5, 3]),
		},
		options: { axes: { h: ["N", "D"] } },
	},
	{
		name: "logisticRegression",
		f: ({ w, b }: Weights, x: Tensor, y: Tensor) => {
			const p = x.dot(w!).add(b!).sigmoid().as("p");
			return y
				.mul(p.log())
				.add(y.mul(-1).add(1).mul(p.mul(-1).add(1).log()))
				.mean()
				.neg();
		},
		args: {
			weights: { w: normal(1, [4]), b: normal(2, []) },
			x: normal(3, [6, 4]),
			y: normal(4, [6]).sigmoid(),
		},
	},
	{
		name: "recurrent",
		f: ({ w, u }: Weights, x: Tensor) => {
			let h = x.slice(null, 0).dot(u!);
			for (const part of x.unstack(1).slice(1)) h = part.dot(u!).add(h.dot(w!)).tanh();
			return h.square().mean();
		},
		args: { weights: { w: normal(1, [3, 3]), u: normal(2, [2, 3]) }, x: normal(3, [4, 3, 2]) },
	},
	{
		name: "huberWithGate",
		f: ({ r, s }: Weights) =>
			nn.huberLoss(r!, s!).add(where(r!.greater(0), r!.abs().log(), 0).mul(stopGradient(s!)).sum()),
		args: { x: { r: normal(1, [5]), s: normal(2, [5]) } },
	},
];

/** Every function of the gallery. */
export const galleryExamples: readonly Example[] = gallery.map(
	({ name, f, args, sizes: [sizes], options }) => ({
		name,
		f,
		args: args(new Draw(), sizes),
		options,
	}),
);
