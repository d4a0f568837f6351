// The cases in TensorFlow.js: its WebAssembly backend, with SIMD and one thread. It has no float64, and no gradient of a convolution
// ("Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'").
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { lazily, values } from "./values.ts";

const { resolve } = createRequire(import.meta.url);
setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");
await tf.ready();

function numbers(seed, shape) {
	const count = shape.reduce((a, b) => a * b, 1);
	return tf.tensor(Float32Array.from(values(seed, count)), shape);
}

/** A training step that reads the loss and replaces the weights. */
function training(lossOf, weights, rate) {
	const gradientOf = tf.valueAndGrads(lossOf);
	let now = weights;
	return () => {
		const [loss, ...next] = tf.tidy(() => {
			const { value, grads } = gradientOf(now);
			return [value, ...now.map((w, i) => tf.sub(w, tf.mul(grads[i], rate)))];
		});
		const [value] = loss.dataSync();
		tf.dispose([loss, ...now]);
		now = next;
		return value;
	};
}

function twoLayerStep() {
	const [x, y] = [numbers(1, [64, 1000]), numbers(2, [64, 10])];
	const lossOf = (w1, w2) => tf.sum(tf.square(tf.sub(tf.matMul(tf.relu(tf.matMul(x, w1)), w2), y)));
	return training(lossOf, [numbers(3, [1000, 100]), numbers(4, [100, 10])], 1e-6);
}

const read = (f) => () => {
	const y = f();
	const [first] = y.dataSync();
	y.dispose();
	return first;
};

/** The backend has computed the result when it returns it. */
const leave = (f) => () => f().dispose();

function product(n) {
	const [x, w] = [numbers(1, [n, n]), numbers(2, [n, n])];
	return read(() => tf.matMul(x, w));
}

const [a, b] = [numbers(1, [1_000_000]), numbers(2, [1_000_000])];

/** A function for each case, which runs it once. */
export const cases = {
	"two-layer step, float32": lazily(twoLayerStep),
	"product 64³, float32": lazily(() => product(64)),
	"product 256³, float32": lazily(() => product(256)),
	"product 1024³, float32": lazily(() => product(1024)),
	"add, 1e6 float32": leave(() => tf.add(a, b)),
	"relu, 1e6 float32": leave(() => tf.relu(a)),
	"exp, 1e6 float32": leave(() => tf.exp(a)),
	"add, 1e6 float32, read": read(() => tf.add(a, b)),
	"relu, 1e6 float32, read": read(() => tf.relu(a)),
	"exp, 1e6 float32, read": read(() => tf.exp(a)),
	"sum, 1e6 float32": read(() => tf.sum(a)),
};
