import { sizeOf } from "../../../core/shape.ts";
import type { KernelOf, Matrices } from "../../../schedule/kernel.ts";
import type { ShaderOperand, ShaderPlan } from "../wgsl/shader.ts";
import { matrixFactor } from "./products/factor.ts";
import { productsPlan } from "./products/plan.ts";
import { type Products, type ShaderTile, type TileLimits, tilesFor } from "./products/tile.ts";

/** The tiles by which a product can be computed, all to the same bits, the best guess first. */
export function productTiles(matrices: Matrices, limits?: TileLimits): readonly ShaderTile[] {
	return tilesFor(productsOf(matrices), limits);
}

/**
 * The shaders of a product and the loop after it.
 * @throws Unsupported for float64
 */
export function productPlan(
	{ matrices, ...epilogue }: KernelOf<"product">,
	operands: readonly ShaderOperand[],
	tile: ShaderTile = productTiles(matrices)[0]!,
): ShaderPlan {
	return productsPlan(operands, [productsOf(matrices)], tile, epilogue);
}

function productsOf(given: Matrices): Products {
	const { batch, m, k, n, a, b } = withLongColumns(given);
	return {
		batch: sizeOf(batch),
		m,
		n,
		k,
		left: matrixFactor(0, batch, a, { lines: m, terms: k }, true),
		right: matrixFactor(1, batch, b, { lines: n, terms: k }, false),
		target: {
			element: `(batch * ${m} + row) * ${n} + column`,
			row: m === given.m ? "row" : `row % ${given.m}`,
			fours: true,
		},
	};
}

/**
 * The same product with the rows of a batch as rows of one matrix, where all are multiplied by the
 * same one and lie as if they were.
 */
function withLongColumns(matrices: Matrices): Matrices {
	const { batch, m, a, b } = matrices;
	const axis = batch.length - 1;
	if (axis < 0 || b[axis] !== 0 || a[axis] !== m * a.at(-2)!) return matrices;
	const without = (list: readonly number[]) => list.toSpliced(axis, 1);
	const rows = m * batch[axis]!;
	return withLongColumns({
		...matrices,
		batch: without(batch),
		m: rows,
		a: without(a),
		b: without(b),
	});
}
