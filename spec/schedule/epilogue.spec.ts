import * as fc from "fast-check";
import { compile } from "../../lib/compile/index.ts";
import { type DType, random, type Tensor } from "../../lib/index.ts";
import { near } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

/** Sizes around those of vectors, tiles and panels. */
const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(15, 16, 17, 31, 33, 40, 65));
const dtype = fc.constantFrom<DType>("float64", "float32");

const normal = (seed: number, shape: number[], type: DType) =>
	random.normal(random.key(seed), shape, { dtype: type as "float64" });

/** Float32 sums of so many products of numbers around 1 differ by this much. */
const toleranceOf = (type: DType, terms: number) =>
	type === "float64" ? 1e-12 : 4e-7 * Math.sqrt(terms + 1);

function agree(f: (...args: Tensor[]) => Tensor | Tensor[], args: Tensor[], tolerance: number) {
	const [actual, expected] = [compile(f)(...args), f(...args)].map((x) => [x].flat());
	for (const [i, x] of actual!.entries()) near(x, expected![i]!, tolerance);
}

suite("compile/steps", (test) => {
	test("a product and what follows it, of any sizes, transposes and dtype", () => {
		const sizes = fc.tuple(size, size, size);
		fc.assert(
			fc.property(sizes, dtype, fc.nat(3), fc.nat(6), ([m, n, k], type, transposed, tail) => {
				const flip = (x: Tensor, bit: number) => (transposed & bit ? x.T : x);
				const [xs, ws] = [transposed & 1 ? [k, m] : [m, k], transposed & 2 ? [n, k] : [k, n]];
				const args = [normal(1, xs, type), normal(2, ws, type), normal(3, [m, n], type)];
				const bias = normal(4, [n], type);
				const scale = normal(5, [m, 1], type);
				const tails: ((h: Tensor, z: Tensor) => Tensor | Tensor[])[] = [
					(h) => h,
					(h, z) => h.mul(0.5).add(z),
					(h) => h.add(bias).relu(),
					(h, z) => h.less(0).where(0, z).sub(bias),
					(h) => [h, h.mul(scale), h.mul(scale).add(bias).relu()],
					(h, z) => h.mul(scale).matmul(z.T),
					(h, z) => z.T.matmul(h).add(h.sum()),
				];
				const f = (x: Tensor, w: Tensor, z: Tensor) => tails[tail]!(flip(x, 1).dot(flip(w, 2)), z);
				// The sum of the product adds up all m·n·k terms.
				agree(f as never, args, 4 * toleranceOf(type, m * n * k));
			}),
			{ numRuns: sampled(120) },
		);
	});

	test("products of batches, some of them broadcast, and of vectors", () => {
		fc.assert(
			fc.property(fc.tuple(size, size, size), dtype, ([m, n, k], type) => {
				const x = normal(1, [2, 1, m, k], type);
				const w = normal(2, [3, k, n], type);
				const f = (a: Tensor, b: Tensor) => [
					a.matmul(b).mul(2).add(1),
					// Divided, it is as large as one sum and rounds like it.
					a.matmul(b).mul(a.matmul(b.square())).div(k).add(b.slice(0, 0)).relu(),
					a.matmul(b).matrixTranspose().matmul(a),
					a.slice(0, 0, 0).dot(b.slice(0)).add(1),
					a.slice(0, 0).dot(b.slice(0).T.slice(0)).tanh(),
					a.slice(0, 0).dot(b.slice(0, 0).broadcastTo([k, n])),
					a.slice(0, 0, 0).outer(b.slice(1).T.slice(0)).mul(2).add(b.slice(1).T.slice(0)),
				];
				agree(f as never, [x, w], 4 * toleranceOf(type, k * m));
			}),
			{ numRuns: sampled(30) },
		);
	});

	test("products read their arguments backwards too", () => {
		for (const type of ["float64", "float32"] as const) {
			for (const [m, k, n] of [
				[2, 3, 4],
				[1, 9, 2],
				[17, 1, 33],
			] as const) {
				const f = (x: Tensor, w: Tensor) => [
					x.flip(0).matmul(w),
					x.matmul(w.flip(1)).add(1),
					x.flip().matmul(w.slice([null, null, -1])),
					x.flip(1).slice(0).outer(w.flip().slice(0)),
				];
				agree(f as never, [normal(1, [m, k], type), normal(2, [k, n], type)], toleranceOf(type, k));
			}
		}
	});

	test("loops and reductions along any axes, over views and broadcasts", () => {
		const axes = fc.subarray([0, 1, 2]);
		fc.assert(
			fc.property(fc.tuple(size, size, size), axes, dtype, ([a, b, c], along, type) => {
				const x = normal(1, [a, b, c], type);
				const row = normal(2, [c], type);
				const f = (u: Tensor, v: Tensor) => {
					const y = u.mul(v).sub(1).square();
					const turned = y.permute([2, 0, 1]).flip(0);
					return [
						y.mean(along),
						turned.max(along, { keepDims: true }),
						turned.add(u.permute([2, 0, 1])).sum(along),
						y.softmax(2).slice(null, [0, null, 2]).exp(),
						y.softmax(along).mul(u).add(v),
						y
							.max(1, { keepDims: true })
							.sub(turned.permute([1, 2, 0]))
							.logSoftmax(0)
							.mul(2),
						y.sub(u).pad([
							[1, 0],
							[0, 2],
							[0, 0],
						]),
						u.greater(v).all(along),
					];
				};
				agree(f as never, [x, row], 4 * toleranceOf(type, a * b * c));
			}),
			{ numRuns: sampled(40) },
		);
	});
});
