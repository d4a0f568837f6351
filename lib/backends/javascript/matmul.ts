import { allocate, type TypedArray } from "../../core/dtype.ts";
import { rowMajorStrides, sizeOf } from "../../core/shape.ts";
import { forEachRun } from "../../core/strided.ts";
import { gemm } from "../../kernels/gemm.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import { withEpilogue } from "./epilogue.ts";
import type { KernelFunction } from "./kernel-function.ts";

/** The function of a product and the loop after it: each sum in float64, and then rounded once. */
export function defineMatmul({ matrices, ...epilogue }: KernelOf<"product">): KernelFunction {
	const { batch, m, k, n, a, b } = matrices;
	let sums: Float64Array | undefined;
	const c = [...rowMajorStrides([...batch, m, n]).slice(0, -2), 0];
	const matrix = (storage: TypedArray, offset: number, strides: readonly number[]) => ({
		array: storage,
		offset,
		rowStride: strides.at(-2)!,
		columnStride: strides.at(-1)!,
	});
	return withEpilogue(epilogue, ([x, w], [atX, atW]) => {
		sums ??= allocate("float64", sizeOf(batch) * m * n);
		const out = sums.fill(0);
		// Each product is one step of a walk over the other axes; the last axis of 1 makes it a run.
		const layouts = [
			{ strides: [...a.slice(0, -2), 0], offset: atX! },
			{ strides: [...b.slice(0, -2), 0], offset: atW! },
			{ strides: c, offset: 0 },
		];
		forEachRun([...batch, 1], layouts, ([left, right, at]) => {
			gemm(m, n, k, matrix(x!, left!, a), matrix(w!, right!, b), out, at!);
		});
		return out;
	});
}
