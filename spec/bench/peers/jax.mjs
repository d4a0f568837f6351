// The cases in jax-js: its WebAssembly backend, one thread, everything under jit.
globalThis.Float16Array ??= class {}; // Node 20 has none, and jax-js asks for it when it is given float64.
const { numpy: np, lax, nn, jit, valueAndGrad, init, defaultDevice } = await import("@jax-js/jax");
const { lazily, values } = await import("./values.ts");
await init("wasm");
defaultDevice("wasm");

const ARRAYS = { float32: Float32Array, float64: Float64Array };

function numbers(seed, dtype, shape, size = 1) {
	const count = shape.reduce((a, b) => a * b, 1);
	return np.array(ARRAYS[dtype].from(values(seed, count, size)), { dtype: np[dtype], shape });
}

/** Runs until the result is there. Jax-js counts references: a use takes one, `.ref` gives one. */
const finish = (x) => x.dataSync()[0];

function twoLayerStep(dtype) {
	const [x, y] = [numbers(1, dtype, [64, 1000]), numbers(2, dtype, [64, 10])];
	let weights = { w1: numbers(3, dtype, [1000, 100]), w2: numbers(4, dtype, [100, 10]) };
	const lossOf = ({ w1, w2 }, x, y) =>
		np.sum(np.square(np.matmul(np.maximum(np.matmul(x, w1), 0), w2).sub(y)));
	const step = jit(({ w1, w2 }, x, y) => {
		const [loss, g] = valueAndGrad(lossOf)({ w1: w1.ref, w2: w2.ref }, x, y);
		return [loss, { w1: w1.sub(g.w1.mul(1e-6)), w2: w2.sub(g.w2.mul(1e-6)) }];
	});
	return () => {
		const [loss, next] = step(weights, x.ref, y.ref);
		weights = next;
		return finish(loss);
	};
}

function convolutionalStep() {
	const x = numbers(1, "float32", [32, 1, 28, 28]);
	const labels = nn.oneHot(np.array(Int32Array.from({ length: 32 }, (_, i) => i % 10)), 10);
	let weights = {
		c1: numbers(2, "float32", [8, 1, 3, 3], 0.3),
		c2: numbers(3, "float32", [16, 8, 3, 3], 0.1),
		w: numbers(4, "float32", [16 * 7 * 7, 10], 0.03),
	};
	const lossOf = ({ c1, c2, w }, x, labels) => {
		const same = [
			[1, 1],
			[1, 1],
		];
		const h1 = np.maximum(lax.conv(x, c1, [2, 2], same), 0);
		const h2 = np.maximum(lax.conv(h1, c2, [2, 2], same), 0);
		const logits = np.matmul(h2.reshape([32, 16 * 7 * 7]), w);
		return np.mean(np.sum(nn.logSoftmax(logits).mul(labels), 1)).neg();
	};
	const step = jit((p, x, labels) => {
		const copy = { c1: p.c1.ref, c2: p.c2.ref, w: p.w.ref };
		const [loss, g] = valueAndGrad(lossOf)(copy, x, labels);
		const next = (name) => p[name].sub(g[name].mul(0.01));
		return [loss, { c1: next("c1"), c2: next("c2"), w: next("w") }];
	});
	return () => {
		const [loss, next] = step(weights, x.ref, labels.ref);
		weights = next;
		return finish(loss);
	};
}

function product(dtype, n) {
	const [x, w] = [numbers(1, dtype, [n, n]), numbers(2, dtype, [n, n])];
	const run = jit((x, w) => np.matmul(x, w));
	return () => finish(run(x.ref, w.ref));
}

function elementwise(f, arity, end) {
	return lazily(() => {
		const args = Array.from({ length: arity }, (_, i) => numbers(i + 1, "float32", [1_000_000]));
		const run = jit(f);
		return () => end(run(...args.map((x) => x.ref)));
	});
}

/** Runs until the result is there, and leaves it where it is. */
const leave = async (x) => (await x.blockUntilReady()).dispose();

/** A function for each case, which runs it once. */
export const cases = {
	"two-layer step, float32": lazily(() => twoLayerStep("float32")),
	"two-layer step, float64": lazily(() => twoLayerStep("float64")),
	"convolutional step, float32": lazily(convolutionalStep),
	"product 64³, float32": lazily(() => product("float32", 64)),
	"product 256³, float32": lazily(() => product("float32", 256)),
	"product 1024³, float32": lazily(() => product("float32", 1024)),
	"add, 1e6 float32": elementwise((x, y) => x.add(y), 2, leave),
	"relu, 1e6 float32": elementwise((x) => np.maximum(x, 0), 1, leave),
	"exp, 1e6 float32": elementwise((x) => np.exp(x), 1, leave),
	"add, 1e6 float32, read": elementwise((x, y) => x.add(y), 2, finish),
	"relu, 1e6 float32, read": elementwise((x) => np.maximum(x, 0), 1, finish),
	"exp, 1e6 float32, read": elementwise((x) => np.exp(x), 1, finish),
	"sum, 1e6 float32": elementwise((x) => np.sum(x), 1, finish),
};
