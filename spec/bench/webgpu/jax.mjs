// Jax-js on WebGPU, everything under jit.
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { values } from "../peers/values.ts";

function numbers(seed, shape, size = 1) {
	const count = shape.reduce((a, b) => a * b, 1);
	return np.array(Float32Array.from(values(seed, count, size)), { dtype: np.float32, shape });
}

/**
 * Runs a function of the same arguments again and again: a use takes a reference of each. What is
 * given up before it was waited for is not computed at all.
 */
function again(f, ...args) {
	const run = jit(f);
	let results = [];
	return {
		run: () => {
			results.push(run(...args.map((x) => x.ref)));
		},
		wait: async () => {
			for (const result of results) (await result.blockUntilReady()).dispose();
			results = [];
		},
	};
}

function convolutionalStep() {
	const x = numbers(1, [32, 1, 28, 28]);
	const labels = nn.oneHot(np.array(Int32Array.from({ length: 32 }, (_, i) => i % 10)), 10);
	let weights = {
		c1: numbers(2, [8, 1, 3, 3], 0.3),
		c2: numbers(3, [16, 8, 3, 3], 0.1),
		w: numbers(4, [784, 10], 0.03),
	};
	const lossOf = ({ c1, c2, w }, x, labels) => {
		const same = [
			[1, 1],
			[1, 1],
		];
		const h1 = np.maximum(lax.conv(x, c1, [2, 2], same), 0);
		const h2 = np.maximum(lax.conv(h1, c2, [2, 2], same), 0);
		const logits = np.matmul(h2.reshape([32, 784]), w);
		return np.mean(np.sum(nn.logSoftmax(logits).mul(labels), 1)).neg();
	};
	const step = jit((p, x, labels) => {
		const copy = { c1: p.c1.ref, c2: p.c2.ref, w: p.w.ref };
		const [loss, g] = valueAndGrad(lossOf)(copy, x, labels);
		const next = (name) => p[name].sub(g[name].mul(0.01));
		return [loss, { c1: next("c1"), c2: next("c2"), w: next("w") }];
	});
	return {
		run: () => {
			const [loss, next] = step(weights, x.ref, labels.ref);
			loss.dispose();
			weights = next;
		},
		wait: async () => {
			await weights.c1.blockUntilReady();
		},
	};
}

/** Jax-js, ready to run. */
export async function jax({ products, elements }) {
	await init("webgpu");
	defaultDevice("webgpu");
	const vector = (seed) => numbers(seed, [elements]);
	const product = (n) => [
		`product ${n}³`,
		() => again((x, w) => np.matmul(x, w), numbers(1, [n, n]), numbers(2, [n, n])),
	];
	return {
		name: "jax-js",
		cases: {
			...Object.fromEntries(products.map(product)),
			add: () => again((x, y) => x.add(y), vector(1), vector(2)),
			relu: () => again((x) => np.maximum(x, 0), vector(1)),
			exp: () => again((x) => np.exp(x), vector(1)),
			sum: () => again((x) => np.sum(x), vector(1)),
			"convolutional step": convolutionalStep,
		},
	};
}
