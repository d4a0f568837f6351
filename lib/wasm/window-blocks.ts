import type { Channels } from "../kinds/convolve.ts";
import type { Geometry } from "../kinds/windows.ts";
import { call, type ModuleBuilder } from "./assembler.ts";
import type { Expr } from "./expression.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { defineGemm } from "./gemm.ts";
import { type Product, scratchBytes, type Tiles } from "./product.ts";
import { i32 } from "./scalar.ts";
import { vectorsOf } from "./tile.ts";
import { type WindowMatrix, windowCells } from "./windows.ts";

/** A convolution: everything but where its tensors are. */
export interface Convolution extends Channels {
	readonly dtype: "float32" | "float64";
	readonly geometry: Geometry;
}

/** Bytes of windows that are gathered at a time. */
const CACHED = 1 << 17;

/** Sizes of what one sample and group works on. */
export function sizes({ dtype, geometry, inputs, outputs }: Convolution) {
	const { image, filter, result, groups } = geometry;
	const perIn = inputs / groups;
	return {
		type: vectorsOf(dtype),
		perIn,
		perOut: outputs / groups,
		depth: perIn * filter[0] * filter[1],
		columns: result[0] * result[1],
		pixels: image[0] * image[1],
	};
}

/** What `sizes` gives. */
export type Sizes = ReturnType<typeof sizes>;

/** Some rows of the result: their windows, and the product with them. */
export interface Block {
	readonly windows: WindowMatrix;
	/** Runs the product: where its operands, its result and its scratch memory are. */
	readonly multiply: (
		a: Local<"i32">,
		b: Local<"i32">,
		c: Local<"i32">,
		scratch: Local<"i32">,
	) => Expr<"none">;
	/** How often it stands in the result. */
	readonly count: number;
}

/** All rows of the result, and the scratch memory that they need, in bytes. */
export interface Blocks {
	readonly list: readonly Block[];
	readonly windowBytes: number;
	readonly gemmBytes: number;
}

/** Splits the rows of the result into blocks whose windows stay in the cache, and defines the products for them. */
export function blocksOf(
	m: ModuleBuilder,
	name: string,
	{ dtype, geometry }: Convolution,
	channels: number,
	tiles: Tiles,
	productOf: (columns: number) => Omit<Product, "dtype">,
): Blocks {
	const type = vectorsOf(dtype);
	const [height, width] = geometry.result;
	const windowsOf = (rows: number): WindowMatrix => ({ type, geometry, channels, rows });
	const fitting = Math.floor(CACHED / Math.max(1, windowCells(windowsOf(1)) * type.bytes));
	const rows = Math.ceil(height / Math.ceil(height / Math.max(1, fitting)));
	const split = [
		{ rows, count: Math.floor(height / rows) },
		{ rows: height % rows, count: 1 },
	].filter((block) => block.rows > 0);
	const products = split.map((block) => ({ dtype, ...productOf(block.rows * width) }));
	const list = split.map((block, i): Block => {
		const product = products[i]!;
		const gemm = defineGemm(m, `${name}.${i}`, product, tiles);
		const [first, last] = [i32.const(0), i32.const(product.m)];
		return {
			windows: windowsOf(block.rows),
			multiply: (a, b, c, scratch) => call(gemm, a, b, c, scratch, first, last),
			count: block.count,
		};
	});
	return {
		list,
		windowBytes: 16 * Math.ceil((windowCells(windowsOf(rows)) * type.bytes) / 16),
		gemmBytes: Math.max(...products.map((product) => scratchBytes(product, tiles))),
	};
}

/** Walks the blocks of a result: `body` gets a block, its first row, and where that begins in memory. */
export function eachBlock(
	f: FunctionBuilder,
	{ list }: Blocks,
	{ type }: Sizes,
	result: Local<"i32">,
	body: (block: Block, row: Local<"i32">, at: Local<"i32">) => void,
): void {
	let start = 0;
	for (const block of list) {
		const { rows, geometry } = block.windows;
		const at = f.let(i32.add(result, start * geometry.result[1] * type.bytes));
		f.for(start, start + block.count * rows, rows, (row) => {
			body(block, row, at);
			f.set(at, i32.add(at, rows * geometry.result[1] * type.bytes));
		});
		start += block.count * rows;
	}
}
