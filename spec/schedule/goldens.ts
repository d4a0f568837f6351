// Programs whose schedules are kept as text in goldens/, to be read when planning changes.
// `npm run goldens` compares, `npm run goldens -- --write` keeps what is. Read the difference.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	arange,
	concat,
	cond,
	grad,
	logicalAnd,
	oneHot,
	ones,
	pad,
	random,
	roll,
	scan,
	type Tensor,
	tensor,
	valueAndGrad,
	whileLoop,
	zeros,
} from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { adam } from "../../lib/optim/index.ts";
import { printSchedule } from "../../lib/schedule/print.ts";
import type { KernelSchedule } from "../../lib/schedule/schedule.ts";
import { planned } from "./schedules.ts";

const folder = join(import.meta.dirname, "goldens");
const labels = tensor([2, 0, 1], { dtype: "int32" });
const optimizer = adam({ learningRate: 0.01 });
const norms = nn.sequential(nn.layerNorm(6), nn.gelu, nn.linear(6, 4));
const net = nn.sequential(
	nn.conv2d(1, 3, 3),
	nn.relu,
	nn.maxPool2d(3, { stride: 2 }),
	nn.flatten,
	nn.linear(27, 4),
);

type Weights = { readonly w1: Tensor; readonly w2: Tensor };

/** By the names of their files; docs/compile.md shows `layer`. */
const programs: Readonly<Record<string, () => KernelSchedule>> = {
	"two-layer-net": () => {
		const loss = ({ w1, w2 }: Weights, x: Tensor, y: Tensor) =>
			x.dot(w1).relu().dot(w2).sub(y).square().sum();
		const step = (weights: Weights, x: Tensor, y: Tensor) => {
			const [value, { w1, w2 }] = valueAndGrad(loss)(weights, x, y);
			return [value, weights.w1.sub(w1.mul(1e-6)), weights.w2.sub(w2.mul(1e-6))];
		};
		const weights = { w1: ones([20, 12]), w2: ones([12, 3]) };
		return planned(step, weights, ones([8, 20]), ones([8, 3]));
	},
	layer: () =>
		planned(
			(x: Tensor, w: Tensor, b: Tensor) => x.dot(w).add(b).relu().sum(),
			ones([8, 20]),
			ones([20, 12]),
			ones([12]),
		),
	adam: () => {
		const params = { w: ones([5, 3]) };
		const step = (p: typeof params, state: ReturnType<typeof optimizer.init<typeof params>>) => {
			const gradient = grad((q: typeof params) => q.w.square().sum())(p);
			return optimizer.update(gradient, state, p);
		};
		return planned(step, params, optimizer.init(params));
	},
	"layer-norm-and-gelu": () => {
		const loss = (p: ReturnType<typeof norms.init>, x: Tensor) => norms.apply(p, x).square().sum();
		return planned(valueAndGrad(loss), norms.init(random.key(1)), ones([5, 6]));
	},
	"softmax-cross-entropy": () => {
		const loss = (w: Tensor, x: Tensor) => nn.crossEntropy(x.dot(w), labels);
		return planned(valueAndGrad(loss), ones([4, 5]), ones([3, 4]));
	},
	"convolution-net": () => {
		const loss = (p: ReturnType<typeof net.init>, x: Tensor) =>
			nn.crossEntropy(net.apply(p, x), labels);
		return planned(valueAndGrad(loss), net.init(random.key(2)), ones([3, 1, 9, 9]));
	},
	"batch-products": () =>
		planned(
			(a: Tensor, b: Tensor, bias: Tensor, scale: Tensor) => [
				a.matmul(b).add(bias).relu(),
				a
					.slice(0)
					.dot(b.slice(1))
					.mul(scale)
					.add(a.slice(1).dot(b.slice(0))),
				a.slice(0, 0).outer(b.slice(0, 0)),
				a.slice(0).flip(0).dot(b.slice(0)),
			],
			ones([2, 4, 3]),
			ones([2, 3, 5]),
			ones([5]),
			ones([4, 1]),
		),
	views: () =>
		planned(
			(x: Tensor) => [
				x.T.add(1),
				x.slice([1, 3], [null, null, -1]).exp(),
				x.diagonal().broadcastTo([3, 4]).mul(2),
				x.reshape([2, 8]).T.sum(0),
				x.T.reshape([16]).neg(),
				x.T,
			],
			ones([4, 4]),
		),
	"scatter-and-gather": () =>
		planned(
			valueAndGrad((x: Tensor, picked: Tensor) => {
				const parts = x.take(picked, 0).mul(oneHot(picked, 4).astype("float64"));
				return parts.sum().add(
					x
						.gather(picked.reshape([-1, 1]))
						.square()
						.sum(),
				);
			}),
			ones([3, 4]),
			labels,
		),
	cumulative: () =>
		planned(
			grad((x: Tensor) => x.cumsum(0).mul(x.cumprod(1)).sum()),
			ones([3, 4]),
		),
	"recurrent-net": () => {
		const loss = (w: { u: Tensor; v: Tensor }, x: Tensor) => {
			let h: Tensor = zeros([2, 4]);
			for (let t = 0; t < 5; t++) h = x.slice(null, t).dot(w.u).add(h.dot(w.v)).tanh();
			return h.sum();
		};
		return planned(grad(loss), { u: ones([3, 4]), v: ones([4, 4]) }, ones([2, 5, 3]));
	},
	"loop-of-steps": () => {
		const loss = (w: { u: Tensor; v: Tensor }, x: Tensor) => {
			const step = (h: Tensor, now: Tensor) => {
				const next = now.dot(w.u).add(h.dot(w.v)).tanh();
				return [next, next.sum()] as const;
			};
			const [h, ys] = scan(step, zeros([2, 4]), x);
			return h.sum().add(ys.sum());
		};
		return planned(grad(loss), { u: ones([3, 4]), v: ones([4, 4]) }, ones([5, 2, 3]));
	},
	"loop-with-a-test": () =>
		planned(
			(x: Tensor, w: Tensor) =>
				whileLoop(
					({ h }) => h.square().sum().greater(0.01),
					({ h, n }) => ({ h: w.dot(h).tanh(), n: n.add(1) }),
					{ h: x, n: zeros([], { dtype: "int32" }) },
					{ max: 20 },
				),
			ones([3]),
			ones([3, 3]),
		),
	branches: () =>
		planned(
			(x: Tensor, w: Tensor) =>
				cond(
					x.sum().greater(0),
					(x: Tensor) => [w.dot(x), x.sum()],
					(x: Tensor) => [x.mul(2), x.softmax().square().sum()],
					x,
				),
			ones([3]),
			ones([3, 3]),
		),
	dropout: () =>
		planned(
			(x: Tensor, key: Tensor) => {
				const [here, next] = random.split(key, 2);
				const kept = random.bernoulli(here!, 0.8, [3, 4]).astype("float64");
				return [x.mul(kept).div(0.8), random.uniform(next!, [2], { dtype: "float32" }), next!];
			},
			ones([3, 4]),
			random.key(3),
		),
	"integers-and-booleans": () =>
		planned(
			(n: Tensor, b: Tensor) => [
				n.mul(2).add(n.sum()),
				logicalAnd(n.greater(3), b).astype("int32"),
				n.mod(3).astype("float32").sqrt(),
				b.any(),
				n.argmax(),
				n.dot(n),
			],
			arange(6, { dtype: "int32" }),
			ones([6], { dtype: "bool" }),
		),
	"placed-and-moved": () =>
		planned(
			(x: Tensor) => [
				concat([x, x.mul(2)], 1),
				pad(x.exp(), 1),
				roll(x, 1, 0),
				grad((y: Tensor) => y.slice([0, 2]).square().sum())(x),
				x.sort(1),
				x.tril(),
			],
			ones([3, 3]),
		),
};

/** The schedules as text, by file. */
export function goldens(): Map<string, string> {
	return new Map(
		Object.entries(programs).map(([name, plan]) => [`${name}.txt`, `${printSchedule(plan())}\n`]),
	);
}

/** What is kept, by file. */
export function kept(): Map<string, string> {
	const files = readdirSync(folder);
	return new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

if (process.argv[1] === import.meta.filename) {
	const now = goldens();
	const before = kept();
	const changed = [...new Set([...now.keys(), ...before.keys()])].filter(
		(file) => now.get(file) !== before.get(file),
	);
	const isWriting = process.argv.includes("--write");
	for (const file of isWriting ? changed : []) {
		const text = now.get(file);
		if (text === undefined) rmSync(join(folder, file));
		else writeFileSync(join(folder, file), text);
	}
	console.log(changed.length === 0 ? "as they were kept" : `changed: ${changed.join(", ")}`);
	if (changed.length > 0 && !isWriting) process.exitCode = 1;
}
