import * as assert from "uvu/assert";
import type { TypedArray } from "../../lib/core/dtype.ts";
import type { Storage } from "../../lib/core/storage.ts";
import { add, arange, broadcastTo, ones, reshape, Tensor, tensor } from "../../lib/index.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

suite("kinds/elementwise", (test) => {
	test("arguments that lie apart meet element by element, in short rows and long ones", () => {
		for (const n of [1, 3, 31, 32, 45]) {
			const x = arange(2 * 3 * n)
				.reshape([2, n, 3])
				.permute([0, 2, 1])
				.slice(null, [1, 3]);
			const row = arange(2 * n).slice([0, null, 2]);
			const at = (i: number, j: number, k: number) => 3 * n * i + 3 * k + 1 + j + 2 * k;
			const expected = [0, 1].map((i) =>
				[0, 1].map((j) => Array.from({ length: n }, (_, k) => at(i, j, k))),
			);
			same(add(x, row), expected);
		}
	});

	test("repeated numbers give a repeated number, in the memory of one", () => {
		for (const dtype of ["float64", "float32", "int32"] as const) {
			const y = ones([300, 200], { dtype }).mul(7).add(1);
			assert.is(y.array.length, 1);
			same(
				y,
				tensor(
					Array.from({ length: 60_000 }, () => 8),
					{ dtype },
				).reshape([300, 200]),
			);
		}
		const row = ones([3, 1]).mul(2).add(arange(4));
		assert.equal(
			row.toArray(),
			[0, 1, 2].map(() => [2, 3, 4, 5]),
		);
		assert.is(ones([1, 1]).mul(2).item(), 2);
		assert.equal(ones([0, 3]).mul(2).shape, [0, 3]);
	});

	test("what arguments are put in order in is used again, and results stay as they are", () => {
		const sumOf = (n: number, from: number) => {
			const [x, row] = [arange(from, from + n * n).reshape([n, n]), arange(n)];
			const expected = Array.from({ length: n }, (_, i) =>
				Array.from({ length: n }, (_, j) => from + n * j + i + j),
			);
			return { sum: add(x.T, row), expected };
		};
		const sums = [3, 17, 20, 5, 31, 17, 140, 4].map((n, i) => sumOf(n, 1000 * i));
		for (const { sum, expected } of sums) same(sum, expected);
	});

	test("an argument that is computed when it is read leaves the others as they are", () => {
		const x = arange(9).reshape([3, 3]);
		const late = (values: Tensor): Storage => {
			let there: TypedArray | undefined;
			const host = () => (there ??= add(values.T, values.T).array);
			return { byteLength: 72, host, read: async () => host() };
		};
		const y = new Tensor(late(arange(10, 19).reshape([3, 3])), "float64", [3, 3]);
		same(add(x.T, y.T), [
			[20, 25, 30],
			[27, 32, 37],
			[34, 39, 44],
		]);
	});

	test("a row that is repeated, from the middle of its storage, meets each row and each matrix", () => {
		for (const n of [1, 5, 31, 32, 100, 300]) {
			for (const [a, b] of [
				[1, 3],
				[2, 3],
				[3, 50],
			] as const) {
				const x = arange(a * b * n).reshape([a, b, n]);
				const row = arange(2 * n).slice([n]);
				const at = (i: number, j: number, k: number) => n * (b * i + j) + k + n + k;
				const expected = Array.from({ length: a }, (_, i) =>
					Array.from({ length: b }, (_, j) => Array.from({ length: n }, (_, k) => at(i, j, k))),
				);
				same(add(x, row), expected);
				same(
					reshape(broadcastTo(row, [a, b, n]), [a, b * n]),
					expected.map((m) => m.flatMap(() => [...row.data])),
				);
			}
		}
	});
});
