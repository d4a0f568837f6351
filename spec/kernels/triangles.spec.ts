import * as assert from "uvu/assert";
import { tensor, triangularSolve } from "../../lib/index.ts";
import { transposedOf } from "../../lib/kernels/matrix.ts";
import { solveTriangle, solveUnbounded } from "../../lib/kernels/triangles.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { matrixOf, noise, SIZES } from "./matrices.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

suite("kernels/triangles", (test) => {
	for (const lower of [true, false]) {
		for (const unit of [true, false]) {
			const name = `${lower ? "lower" : "upper"}${unit ? " with ones" : ""}`;
			test(`blocks solve with a triangle as single rows do: ${name}`, () => {
				for (const n of SIZES) {
					const t = noise(n * n, n);
					for (let i = 0; i < n; i++) t[i * n + i] = unit ? nan : 2 + i / n;
					// What is not read may be anything.
					for (let i = 0; i < n; i++) {
						for (let j = 0; j < n; j++) if (lower ? j > i : j < i) t[i * n + j] = nan;
						for (let j = 0; j < n; j++) if (i !== j) t[i * n + j]! /= n;
					}
					for (const m of [1, 3, 20]) {
						const stride = m + 2;
						const x = { array: noise(n * stride, m), at: 1, stride };
						const expected = { ...x, array: x.array.slice() };
						const triangle = { matrix: matrixOf(t, n), lower, unit };
						solveTriangle(triangle, x, n, m);
						solveUnbounded(triangle, expected, n, m);
						// Forwards rows take their terms in one order.
						if (lower) assert.equal(x.array, expected.array, `${n} rows, ${m} columns`);
						near([...x.array], [...expected.array], 1e-12);
						const turned = Float64Array.from(t, (_, i) => t[(i % n) * n + Math.floor(i / n)]!);
						const again = { ...x, array: noise(n * stride, m) };
						const matrix = transposedOf(matrixOf(turned, n));
						solveTriangle({ matrix, lower, unit }, again, n, m);
						assert.equal(again.array, x.array, `${n} rows, transposed`);
					}
				}
			});
		}
	}

	test("0 times what is infinite stays out of a large solution, as out of a small one", () => {
		for (const n of [3, 40, 100]) {
			const diagonal = new Float64Array(n * n);
			for (let i = 0; i < n; i++) diagonal[i * n + i] = i === 0 ? 1e-300 : 2;
			const right = new Float64Array(n).fill(1e300);
			const x = triangularSolve(tensor(diagonal).reshape([n, n]), tensor(right));
			assert.equal([...x.data], [inf, ...new Array(n - 1).fill(5e299)]);
		}
	});
});
