import { call, type ModuleBuilder } from "../../asm/assembler.ts";
import type { Local } from "../../asm/function.ts";
import { i32 } from "../../asm/scalar.ts";
import type { Tiles } from "../../asm/tile.ts";
import { BYTES } from "../../core/dtype.ts";
import type { ProductStep } from "../../schedule/steps.ts";
import { nest } from "./elementwise/nest.ts";
import { finishOf } from "./epilogue.ts";
import { addressOf, type Locations, type StepFunction } from "./locations.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import type { Code } from "./math/floats.ts";
import { leastRows, rowStep, scratchBytes } from "./products/blocks.ts";
import { defineGemm } from "./products/gemm.ts";
import type { Product } from "./products/product.ts";

/** The product of a step, for one matrix of each batch. */
function productOf({ matrices, loop }: ProductStep): Product {
	const { m, n, k, a, b } = matrices;
	return {
		dtype: loop.inputs[0]!.dtype as Product["dtype"],
		m,
		n,
		k,
		a: { row: a.strides.at(-2)!, column: a.strides.at(-1)! },
		b: { row: b.strides.at(-2)!, column: b.strides.at(-1)! },
		cRow: n,
		accumulate: false,
	};
}

/** How much memory the product of a step needs while it runs, in each thread. */
export function productScratch(step: ProductStep, tiles: Tiles): number {
	return scratchBytes(productOf(step), tiles);
}

/**
 * The function of a product and the loop after it, over a range of its rows or, with batches, of
 * the first axis of these.
 */
export function defineProduct(
	m: ModuleBuilder,
	name: string,
	step: ProductStep,
	locations: Locations,
	tiles: Tiles,
	scalars: ScalarFunctions,
): StepFunction {
	const { batch, a, b, m: count, n: length } = step.matrices;
	const product = { ...productOf(step), ...finishOf(step, { count, length }, locations, scalars) };
	const out = step.writes[0]!;
	const addresses = [...step.reads.slice(0, 2), out].map((source) => addressOf(source, locations));
	if (batch.length === 0) {
		const callee = defineGemm(m, name, product, tiles);
		const [grain, least] = [rowStep(product, tiles), leastRows(product)];
		return { callee, addresses, works: true, extent: product.m, grain, least };
	}
	const gemm = defineGemm(m, `${name}, one of a batch`, product, tiles);
	const params = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
	const callee = m.define(name, params, "none", (f, x, w, y, workspace, from, to) => {
		const walked = (start: Local<"i32">, strides: readonly number[]) => {
			return { start, steps: batch.map((_, axis) => strides[axis]! * BYTES[product.dtype]) };
		};
		const layouts = [walked(x, a.strides), walked(w, b.strides), walked(y, out.strides)];
		nest(f as Code, batch, layouts, { from, to }, ([left, right, result]) => {
			f.do(call(gemm, left!, right!, result!, workspace, i32.const(0), i32.const(product.m)));
		});
	});
	return { callee, addresses, works: true, extent: batch[0]!, grain: 1 };
}
