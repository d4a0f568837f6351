import * as assert from "uvu/assert";
import { f32, f64, i32 } from "../../../../lib/asm/scalar.ts";
import { vectorsOf } from "../../../../lib/asm/tile.ts";
import {
	columnPanels,
	isLeftPacked,
	keepsPanels,
	rowStep,
} from "../../../../lib/backends/wasm/products/blocks.ts";
import { rowDots } from "../../../../lib/backends/wasm/products/matrix-vector.ts";
import { suite } from "../../../suite.ts";
import { check, dtypes, fused, prepare, small, wide } from "./run-product.ts";

const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => from + i);

suite("wasm/gemm", (test) => {
	test("every size up to a few tiles is summed in the order of k, bit for bit", () => {
		for (const dtype of dtypes) {
			for (const n of range(0, 20)) {
				for (const [m, k] of [
					[0, 3],
					[1, 7],
					[2, 0],
					[3, 5],
					[4, 6],
					[9, 11],
					[21, 17],
				] as const) {
					check(prepare([m, n, k], small, { dtype }));
				}
			}
		}
	});

	test("fused terms are rounded once each, in the order of k, at edges and in packed blocks too", () => {
		for (const tiles of fused) {
			for (const dtype of dtypes) {
				for (const [m, n, k] of [
					[1, 6, 7],
					[3, 1, 6],
					[4, 2, 12],
					[7, 5, 3],
					[16, 13, 6],
					[23, 9, 11],
				] as const) {
					check(prepare([m, n, k], tiles, { dtype }));
					const b = { row: 1, column: k };
					check(prepare([m, n, 3], tiles, { dtype, b, accumulate: true }));
				}
				const a = { row: 1, column: 2048 / vectorsOf(dtype).bytes };
				const packed = prepare([36, 33, 6], tiles, { dtype, a });
				assert.ok(isLeftPacked(packed.product));
				check(packed);
			}
		}
	});

	test("operands may be transposes, have gaps, or repeat a row", () => {
		for (const dtype of dtypes) {
			for (const [m, n, k] of [
				[5, 6, 7],
				[1, 9, 4],
				[9, 1, 4],
				[6, 13, 12],
			] as const) {
				for (const a of [
					{ row: k, column: 1 },
					{ row: 1, column: m },
					{ row: 2 * k + 1, column: 2 },
					{ row: 0, column: 1 },
				]) {
					for (const b of [
						{ row: n, column: 1 },
						{ row: 1, column: k },
						{ row: n + 3, column: 1 },
						{ row: 1, column: 0 },
					]) {
						check(prepare([m, n, k], small, { dtype, a, b }));
					}
				}
			}
		}
	});

	test("rows or columns of a that lie a power of two apart are packed, and give the same bits", () => {
		for (const dtype of dtypes) {
			const { bytes } = vectorsOf(dtype);
			for (const tiles of [small, wide]) {
				for (const a of [
					{ row: 4096 / bytes, column: 1 },
					{ row: 1, column: 2048 / bytes },
				]) {
					for (const m of [35, 72]) {
						const run = prepare([m, 33, 12], tiles, { dtype, a, accumulate: true });
						assert.ok(isLeftPacked(run.product));
						check(run);
					}
				}
			}
		}
	});

	test("it adds to what is there when it is told to", () => {
		for (const dtype of dtypes) {
			for (const n of [1, 3, 9, 10]) {
				check(prepare([6, n, 12], small, { dtype, accumulate: true }));
				check(prepare([1, n, 12], small, { dtype, accumulate: true, b: { row: 1, column: 12 } }));
				check(prepare([6, n, 0], small, { dtype, accumulate: true }));
			}
		}
	});

	test("wider tiles and blocks of the size that is used give the same bits", () => {
		for (const dtype of dtypes) {
			for (const n of [5, 17, 40]) {
				check(prepare([70, n, 70], wide, { dtype }));
				check(prepare([37, n, 64], wide, { dtype, b: { row: 1, column: 64 } }));
			}
			// Panels of one vector, of two that are joined, of more, and tall tiles beside lower ones.
			for (const n of range(1, 40)) check(prepare([15, n, 3], wide, { dtype, accumulate: true }));
		}
	});

	test("panels lie side by side, no wider than they may be, and have a whole vector if the row has", () => {
		for (const [most, lanes, joined] of [
			[8, 4, 1],
			[12, 4, 1],
			[16, 4, 2],
			[32, 4, 2],
			[8, 2, 2],
		] as const) {
			for (const n of range(0, 100)) {
				let end = 0;
				for (const { start, columns, count } of columnPanels(n, most, lanes, joined)) {
					assert.is(start, end);
					assert.ok(Number.isInteger(count) && columns <= most && columns >= Math.min(n, lanes));
					end += columns * count;
				}
				assert.is(end, n);
			}
		}
	});

	test("panels of b that are packed once for all blocks of rows give the same bits", () => {
		for (const dtype of dtypes) {
			const options = { dtype, b: { row: 1, column: 12 } };
			for (const tiles of [small, ...fused]) {
				const make = () => prepare([41, 17, 12], tiles, options);
				const [whole, parts] = [make(), make()];
				assert.ok(keepsPanels(whole.product, tiles));
				check(whole);
				// A range that is one block, and one of several.
				const step = rowStep(parts.product, tiles);
				parts.multiply(0, step);
				parts.multiply(step, 41);
				assert.equal([...parts.c], [...whole.c]);
			}
		}
	});

	test("ranges of rows that together are all give the same, and leave other rows alone", () => {
		const direct = { m: 23, n: 9, options: {} };
		const packed = { m: 39, n: 33, options: { a: { row: 1, column: 256 } } };
		for (const tiles of [small, wide, ...fused]) {
			for (const { m, n, options } of [direct, packed]) {
				const make = () => prepare([m, n, 12], tiles, options);
				const [whole, parts] = [make(), make()];
				const step = rowStep(whole.product, tiles);
				whole.multiply(0, m);
				parts.multiply(2 * step, 4 * step);
				const after = 4 * step * (n + 2);
				assert.ok(parts.c.subarray(after).every((x) => x === -7));
				parts.multiply(0, 2 * step);
				parts.multiply(4 * step, m);
				assert.equal([...parts.c], [...whole.c]);
			}
		}
	});

	test("products with a vector along the sums are within the error of any order of summation", () => {
		for (const dtype of dtypes) {
			for (const k of [0, 1, 2, 3, 4, 7, 8, 9, 16, 37]) {
				for (const count of [1, 3, 4, 6, 9]) {
					const column = { row: 1, column: 5 };
					for (const tiles of [small, ...fused]) {
						const run = prepare([count, 1, k], tiles, { dtype, b: column, accumulate: true });
						const row = prepare([1, count, k], tiles, { dtype, b: { row: 1, column: k + 1 } });
						for (const some of [run, row]) {
							assert.ok(rowDots(some.product) !== null);
							check(some);
						}
					}
				}
			}
		}
	});

	test("the finish runs on complete sums, and knows where they lie", () => {
		for (const dtype of dtypes) {
			const type = vectorsOf(dtype);
			for (const n of [1, 2, 4, 7, 13]) {
				const lane = (start: Parameters<typeof i32.add>[0]) =>
					type.splat((dtype === "float32" ? f32 : f64).convertI32(i32.add(start, 0)) as never);
				const run = prepare([6, n, 12], small, {
					dtype,
					epilogue: {
						others: 0,
						begin:
							(f, c) =>
							({ row, offset, inRow, sums }) => [
								{
									at: i32.add(c, offset),
									values: sums.map((sum) => {
										const start = lane(i32.add(i32.sub(offset, inRow), row));
										return f.let(type.add(type.mul(sum, 2), start));
									}),
								},
							],
					},
				});
				const plain = prepare([6, n, 12], small, { dtype });
				run.multiply(0, 6);
				plain.multiply(0, 6);
				const round = dtype === "float32" ? Math.fround : (x: number) => x;
				const expected = Array.from(plain.c, (x, at) => {
					const row = Math.floor(at / (n + 2));
					return at % (n + 2) < n ? round(2 * x + row * (n + 2) * type.bytes + row) : -7;
				});
				assert.equal([...run.c], expected);
			}
		}
	});

	test("NaN and infinity reach exactly the sums that they are terms of", () => {
		const run = prepare([6, 9, 12], small);
		run.a[2 * 12 + 3] = Number.NaN;
		run.b[5 * 9 + 7] = Number.POSITIVE_INFINITY;
		run.a[4 * 12 + 5] = 0;
		check(run);
		assert.ok(Number.isNaN(run.c[2 * 11]));
		assert.ok(Math.abs(run.c[7]!) === Number.POSITIVE_INFINITY);
		assert.ok(Number.isNaN(run.c[4 * 11 + 7]));
		assert.ok(Number.isFinite(run.c[0]));
	});
});
