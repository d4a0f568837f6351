import { ModuleBuilder } from "../../../../lib/asm/assembler.ts";
import {
	importScalars,
	scalarImports,
} from "../../../../lib/backends/wasm/elementwise/expression.ts";
import { defineSlices, slicesWorkspace } from "../../../../lib/backends/wasm/reduce/slices.ts";
import { allocate, BYTES, type DType, type TypedArray } from "../../../../lib/core/dtype.ts";
import { rowMajorStrides, type Shape, sizeOf } from "../../../../lib/core/shape.ts";
import type { Tensor } from "../../../../lib/core/tensor.ts";
import { type Expression, formulasIn } from "../../../../lib/schedule/expression.ts";
import type { Pass } from "../../../../lib/schedule/kernel.ts";
import type { Recipe } from "../../../../lib/schedule/recipes.ts";
import { instantiate, layOut, read } from "../elementwise/run-loop.ts";

/** The strides of row-major results with size 1 along the axes, and 0 there. */
function stridesOfResults(shape: Shape, axes: readonly number[]): number[] {
	const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
	return rowMajorStrides(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
}

/** What a pass computes. */
function expressionsOf(pass: Pass): Expression[] {
	const own = pass.kind === "reduce" ? pass.reductions.map(({ of }) => of) : [pass.of];
	return pass.unless === undefined ? own : [...own, pass.unless];
}

/**
 * Does what a recipe says with the slices of tensors of one shape, in `parts` ranges one after the
 * other.
 */
export function runRecipe(
	{ passes, perElement, value }: Recipe,
	tensors: readonly Tensor[],
	axes: readonly number[],
	dtype: DType,
	parts = 1,
): TypedArray {
	const { shape } = tensors[0]!;
	const m = new ModuleBuilder({ pages: 1 });
	const formulas = formulasIn([value, ...passes.flatMap(expressionsOf)]);
	const scalars = importScalars(m, formulas);
	const strides = perElement ? rowMajorStrides(shape) : stridesOfResults(shape, axes);
	const outputs = [{ dtype, strides, value, perElement }];
	const loop = { shape, axes, inputs: tensors, passes, outputs };
	const { extent, works } = defineSlices(m, "run", loop, scalars);
	const size = sizeOf(perElement ? shape : shape.filter((_, axis) => !axes.includes(axis)));
	const { addresses } = layOut([
		...tensors.map(({ array }) => array),
		allocate(dtype, size).fill(77),
		new Uint8Array(slicesWorkspace(loop)),
	]);
	const [to, workspace] = addresses.slice(-2);
	const starts = tensors.map((x, i) => addresses[i]! + x.offset * BYTES[x.dtype]);
	const { run } = instantiate(m, scalarImports(formulas));
	for (let part = 0; part < parts; part++) {
		const range = [part, part + 1].map((p) => Math.floor((p * extent) / parts));
		run!(...starts, to!, ...(works ? [workspace!] : []), ...range);
	}
	return read(dtype, to!, size);
}
