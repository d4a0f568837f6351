import { callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import type { Local } from "../../asm/function.ts";
import { i32 } from "../../asm/scalar.ts";
import type { Tiles } from "../../asm/tile.ts";
import { BYTES } from "../../core/dtype.ts";
import { rowMajorStrides } from "../../core/shape.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import { nest } from "./elementwise/nest.ts";
import { defineWithEpilogue, epilogueOf } from "./epilogue.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import type { Code } from "./math/floats.ts";
import { leastRows, rowStep, scratchBytes } from "./products/blocks.ts";
import { defineGemm } from "./products/gemm.ts";
import type { MatrixProduct } from "./products/product.ts";

type Matmul = KernelOf<"product">;

/** The product of a kernel, for one matrix of each batch. */
function productOf({ matrices, loop }: Matmul): MatrixProduct {
	const { m, n, k, a, b } = matrices;
	return {
		dtype: loop.inputs[0]!.dtype as MatrixProduct["dtype"],
		m,
		n,
		k,
		a: { row: a.at(-2)!, column: a.at(-1)! },
		b: { row: b.at(-2)!, column: b.at(-1)! },
		cRow: n,
		accumulate: false,
	};
}

/**
 * Whether the result is a column, of a matrix whose columns lie beside each other: then it is
 * computed as a row, bᵀ·aᵀ, so that vectors have neighbours of it.
 */
function isTurned({ matrices: { m, n, a } }: Matmul): boolean {
	return n === 1 && m > 1 && a.at(-2) === 1 && a.at(-1) !== 1;
}

/** The kernel with its operands, transposed, and the axes of its result changed over. */
function turned({ matrices, readings, ...kernel }: Matmul): Matmul {
	const { batch, m, n, k, a, b } = matrices;
	const transposed = (strides: readonly number[]) => [
		...strides.slice(0, -2),
		...strides.slice(-2).reverse(),
	];
	return {
		...kernel,
		matrices: { batch, m: n, n: m, k, a: transposed(b), b: transposed(a) },
		readings: readings.map((reading) => (reading === "row" ? "column" : reading)),
	};
}

/** How much memory the product of a kernel needs while it runs, in each thread. */
export function matmulScratch(kernel: Matmul, tiles: Tiles): number {
	return scratchBytes(productOf(isTurned(kernel) ? turned(kernel) : kernel), tiles);
}

/**
 * The function of a product and the loop after it, over a range of its rows or, with batches, of
 * the first axis of these.
 */
export function defineMatmul(
	m: ModuleBuilder,
	name: string,
	planned: Matmul,
	tiles: Tiles,
	scalars: ScalarFunctions,
): KernelFunction {
	const kernel = isTurned(planned) ? turned(planned) : planned;
	const { batch, a, b, m: count, n: length } = kernel.matrices;
	const product = { ...productOf(kernel), ...epilogueOf(kernel, { count, length }, scalars) };
	const gemm = defineGemm(m, `${name}, product`, product, tiles);
	const { dtype, m: rows } = product;
	const strides = rowMajorStrides([...batch, rows, product.n]);
	const callee = defineWithEpilogue(m, name, kernel, product, (f, operands, others, range) => {
		const [first, second, y] = operands;
		const [x, w] = kernel === planned ? [first, second] : [second, first];
		const [workspace, from, to] = range;
		if (batch.length === 0) {
			f.do(callTo(gemm, x, w, y, ...others, workspace, from, to));
			return;
		}
		const walked = (start: Local<"i32">, strides: readonly number[]) => {
			return { start, steps: batch.map((_, axis) => strides[axis]! * BYTES[dtype]) };
		};
		const layouts = [walked(x, a), walked(w, b), walked(y, strides)];
		nest(f as Code, batch, layouts, { from, to }, ([left, right, result]) => {
			const all = [i32.const(0), i32.const(rows)];
			f.do(callTo(gemm, left!, right!, result!, ...others, workspace, ...all));
		});
	});
	return batch.length > 0
		? { callee, works: true, extent: batch[0]!, grain: 1 }
		: {
				callee,
				works: true,
				extent: rows,
				grain: rowStep(product, tiles),
				least: leastRows(product, tiles),
			};
}
