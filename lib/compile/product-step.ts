import { BYTES } from "../dtype.ts";
import { call, type ModuleBuilder } from "../wasm/assembler.ts";
import { nest } from "../wasm/elementwise/nest.ts";
import type { Local } from "../wasm/function.ts";
import { defineGemm } from "../wasm/gemm.ts";
import type { ScalarFunctions } from "../wasm/math/calls.ts";
import type { Code } from "../wasm/math/floats.ts";
import { leastRows, type Product, rowStep, scratchBytes, type Tiles } from "../wasm/product.ts";
import { i32 } from "../wasm/scalar.ts";
import { finishOf } from "./finish.ts";
import { addressOf, type Locations, type StepFunction } from "./locations.ts";
import type { ProductStep } from "./steps.ts";

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
