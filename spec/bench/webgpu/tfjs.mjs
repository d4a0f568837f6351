// TensorFlow.js on WebGPU.
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { values } from "../peers/values.ts";

function numbers(seed, shape, size = 1) {
	const count = shape.reduce((a, b) => a * b, 1);
	return tf.tensor(Float32Array.from(values(seed, count, size)), shape);
}

/** Waits for an element, which is copied by itself. */
async function waitFor(x) {
	const first = tf.tidy(() => tf.slice(tf.reshape(x, [-1]), [0], [1]));
	await first.data();
	first.dispose();
}

function again(f) {
	let last;
	return {
		run: () => {
			last?.dispose();
			last = f();
		},
		wait: () => waitFor(last),
	};
}

/** The images' channels come last here. */
function convolutionalStep() {
	const x = numbers(1, [32, 28, 28, 1]);
	const labels = tf.oneHot(
		tf.tensor1d(
			Array.from({ length: 32 }, (_, i) => i % 10),
			"int32",
		),
		10,
	);
	let weights = [
		numbers(2, [3, 3, 1, 8], 0.3),
		numbers(3, [3, 3, 8, 16], 0.1),
		numbers(4, [784, 10], 0.03),
	];
	const layer = (x, w) => tf.relu(tf.conv2d(x, w, 2, "same"));
	const gradientOf = tf.valueAndGrads((c1, c2, w) => {
		const logits = tf.matMul(tf.reshape(layer(layer(x, c1), c2), [32, 784]), w);
		return tf.mean(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), labels), 1)));
	});
	return {
		run: () => {
			const next = tf.tidy(() => {
				const { grads } = gradientOf(weights);
				return weights.map((w, i) => tf.sub(w, tf.mul(grads[i], 0.01)));
			});
			tf.dispose(weights);
			weights = next;
		},
		wait: () => waitFor(weights[0]),
	};
}

/** TensorFlow.js, ready to run. */
export async function tfjs({ products, elements }) {
	await tf.setBackend("webgpu");
	await tf.ready();
	const vector = (seed) => numbers(seed, [elements]);
	const product = (n) => [
		`product ${n}³`,
		() => {
			const [x, w] = [numbers(1, [n, n]), numbers(2, [n, n])];
			return again(() => tf.matMul(x, w));
		},
	];
	const each = (f, ...seeds) => {
		const args = seeds.map(vector);
		return again(() => f(...args));
	};
	return {
		name: "TensorFlow.js",
		cases: {
			...Object.fromEntries(products.map(product)),
			add: () => each((x, y) => tf.add(x, y), 1, 2),
			relu: () => each((x) => tf.relu(x), 1),
			exp: () => each((x) => tf.exp(x), 1),
			sum: () => each((x) => tf.sum(x), 1),
			"convolutional step": convolutionalStep,
		},
	};
}
