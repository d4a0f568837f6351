// The two-layer step and the products in plain JavaScript, as a careful person would write them: loops over typed arrays, the
// products in blocks that stay in the cache, four rows at a time.

import { lazily, values } from "./values.ts";

const ARRAYS = { float32: Float32Array, float64: Float64Array };
const BLOCK = 128;

const numbers = (seed, dtype, count) => ARRAYS[dtype].from(values(seed, count));

/** out += x·w for x (m×k), w (k×n); x is read with the given strides, so that a transposed matrix needs no copy. */
function multiply(out, x, rowStride, columnStride, w, m, k, n) {
	out.fill(0);
	for (let k0 = 0; k0 < k; k0 += BLOCK) {
		const k1 = Math.min(k, k0 + BLOCK);
		for (let i = 0; i < m; i += 4) {
			const rows = Math.min(4, m - i);
			if (rows === 4) fourRows(out, x, rowStride, columnStride, w, i, k0, k1, n);
			else {
				for (let row = i; row < m; row++) {
					for (let q = k0; q < k1; q++) {
						const a = x[row * rowStride + q * columnStride];
						for (let j = 0; j < n; j++) out[row * n + j] += a * w[q * n + j];
					}
				}
			}
		}
	}
}

function fourRows(out, x, rowStride, columnStride, w, i, k0, k1, n) {
	const [o0, o1, o2, o3] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
	for (let q = k0; q < k1; q++) {
		const at = i * rowStride + q * columnStride;
		const a0 = x[at];
		const a1 = x[at + rowStride];
		const a2 = x[at + 2 * rowStride];
		const a3 = x[at + 3 * rowStride];
		const from = q * n;
		for (let j = 0; j < n; j++) {
			const b = w[from + j];
			out[o0 + j] += a0 * b;
			out[o1 + j] += a1 * b;
			out[o2 + j] += a2 * b;
			out[o3 + j] += a3 * b;
		}
	}
}

function transposed(w, rows, columns) {
	const out = new w.constructor(w.length);
	for (let i = 0; i < rows; i++) {
		for (let j = 0; j < columns; j++) out[j * rows + i] = w[i * columns + j];
	}
	return out;
}

function twoLayerStep(dtype) {
	const [N, D, H, O] = [64, 1000, 100, 10];
	const array = (size) => new ARRAYS[dtype](size);
	const [x, y] = [numbers(1, dtype, N * D), numbers(2, dtype, N * O)];
	const [w1, w2] = [numbers(3, dtype, D * H), numbers(4, dtype, H * O)];
	const [h, hRelu, pred, g] = [array(N * H), array(N * H), array(N * O), array(N * O)];
	const [g1, g2, gh] = [array(D * H), array(H * O), array(N * H)];
	return () => {
		multiply(h, x, D, 1, w1, N, D, H);
		for (let i = 0; i < h.length; i++) hRelu[i] = Math.max(h[i], 0);
		multiply(pred, hRelu, H, 1, w2, N, H, O);
		let loss = 0;
		for (let i = 0; i < pred.length; i++) {
			const error = pred[i] - y[i];
			loss += error * error;
			g[i] = 2 * error;
		}
		multiply(g2, hRelu, 1, H, g, H, N, O);
		multiply(gh, g, O, 1, transposed(w2, H, O), N, O, H);
		for (let i = 0; i < gh.length; i++) if (h[i] < 0) gh[i] = 0;
		multiply(g1, x, 1, D, gh, D, N, H);
		for (let i = 0; i < w1.length; i++) w1[i] -= 1e-6 * g1[i];
		for (let i = 0; i < w2.length; i++) w2[i] -= 1e-6 * g2[i];
		return loss;
	};
}

function product(dtype, n) {
	const [x, w, out] = [
		numbers(1, dtype, n * n),
		numbers(2, dtype, n * n),
		new ARRAYS[dtype](n * n),
	];
	return () => {
		multiply(out, x, n, 1, w, n, n, n);
		return out[0];
	};
}

/** A function for each case, which runs it once. */
export const cases = {
	"two-layer step, float32": lazily(() => twoLayerStep("float32")),
	"two-layer step, float64": lazily(() => twoLayerStep("float64")),
	"product 64³, float32": lazily(() => product("float32", 64)),
	"product 256³, float32": lazily(() => product("float32", 256)),
	"product 256³, float64": lazily(() => product("float64", 256)),
};
