import type { Callee, ModuleBuilder } from "./assembler.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { memory } from "./memory.ts";
import type { Tiles } from "./product.ts";
import { i32 } from "./scalar.ts";
import type { FloatVector } from "./tile.ts";
import { blocksOf, type Convolution, eachBlock, sizes } from "./window-blocks.ts";
import { emitGather, emitScatter } from "./windows.ts";

// Convolutions as products with the windows of an image, which are gathered into scratch memory, as many rows of the result at
// a time as stay in the cache. All tensors are row-major: images samples × channels × height × width, filters outputs ×
// inputs of a group × height × width.

/**
 * One of the three products of a convolution as a function: the addresses of its first and second argument and of its result;
 * that of scratch memory that no other thread uses, whatever is in it; and which parts of the work are done.
 */
export interface ConvolutionFunction {
	readonly callee: Callee<
		readonly [first: "i32", second: "i32", out: "i32", scratch: "i32", from: "i32", to: "i32"],
		"none"
	>;
	/** The parts are numbered from 0, and may be done by different threads. */
	readonly parts: number;
	/** How much scratch memory it needs, in bytes. */
	readonly scratch: number;
}

const PARAMS = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;

/** Images and filters to results, a part for each sample. */
export function defineConvolve(
	m: ModuleBuilder,
	name: string,
	convolution: Convolution,
	tiles: Tiles,
): ConvolutionFunction {
	const s = sizes(convolution);
	const blocks = blocksOf(m, name, convolution, s.perIn, tiles, (columns) => ({
		m: s.perOut,
		n: columns,
		k: s.depth,
		a: { row: s.depth, column: 1 },
		b: { row: columns, column: 1 },
		cRow: s.columns,
		accumulate: false,
	}));
	const callee = m.define(name, PARAMS, "none", (f, x, w, out, scratch, from, to) => {
		const gemmScratch = f.let(i32.add(scratch, blocks.windowBytes));
		eachGroup(f, convolution, { image: x, filter: w, result: out }, from, to, (at) => {
			eachBlock(f, blocks, s, at.result, (block, row, result) => {
				emitGather(f, block.windows, at.image, scratch, row);
				f.do(block.multiply(at.filter, scratch, result, gemmScratch));
			});
		});
	});
	return { callee, parts: convolution.samples, scratch: blocks.windowBytes + blocks.gemmBytes };
}

/** The transpose with respect to the images: results and filters to images, a part for each sample. */
export function defineConvolveInput(
	m: ModuleBuilder,
	name: string,
	convolution: Convolution,
	tiles: Tiles,
): ConvolutionFunction {
	const s = sizes(convolution);
	const blocks = blocksOf(m, name, convolution, s.perIn, tiles, (columns) => ({
		m: s.depth,
		n: columns,
		k: s.perOut,
		a: { row: 1, column: s.depth },
		b: { row: s.columns, column: 1 },
		cRow: columns,
		accumulate: false,
	}));
	const callee = m.define(name, PARAMS, "none", (f, g, w, out, scratch, from, to) => {
		const gemmScratch = f.let(i32.add(scratch, blocks.windowBytes));
		eachGroup(f, convolution, { image: out, filter: w, result: g }, from, to, (at) => {
			f.do(memory.fill(at.image, 0, s.perIn * s.pixels * s.type.bytes));
			eachBlock(f, blocks, s, at.result, (block, row, result) => {
				f.do(block.multiply(at.filter, result, scratch, gemmScratch));
				emitScatter(f, block.windows, at.image, scratch, row);
			});
		});
	});
	return { callee, parts: convolution.samples, scratch: blocks.windowBytes + blocks.gemmBytes };
}

/**
 * The transpose with respect to the filters: images and results to filters. Its parts are groups of input channels, so that no
 * two threads gather the same windows or add to the same filters.
 */
export function defineConvolveFilter(
	m: ModuleBuilder,
	name: string,
	convolution: Convolution,
	tiles: Tiles,
): ConvolutionFunction {
	const s = sizes(convolution);
	const { samples, inputs, outputs, geometry } = convolution;
	const { bytes } = s.type;
	const chunks = chunksOf(s.perIn, s.depth);
	const [channels, depth] = [s.perIn / chunks, s.depth / chunks];
	// The windows stand on the left: they would have to be transposed on the right, and there are more of them.
	const blocks = blocksOf(m, name, convolution, channels, tiles, (columns) => ({
		m: depth,
		n: s.perOut,
		k: columns,
		a: { row: columns, column: 1 },
		b: { row: 1, column: s.columns },
		cRow: s.perOut,
		accumulate: true,
	}));
	const sumBytes = 16 * Math.ceil((depth * s.perOut * bytes) / 16);
	const callee = m.define(name, PARAMS, "none", (f, x, g, out, scratch, from, to) => {
		const sums = f.let(i32.add(scratch, blocks.windowBytes));
		const gemmScratch = f.let(i32.add(sums, sumBytes));
		const [image, result] = [f.local("i32"), f.local("i32")];
		f.for(from, to, 1, (part) => {
			const group = f.let(i32.div(part, chunks));
			f.do(memory.fill(sums, 0, sumBytes));
			f.set(image, i32.add(x, i32.mul(part, channels * s.pixels * bytes)));
			f.set(result, i32.add(g, i32.mul(group, s.perOut * s.columns * bytes)));
			f.for(0, samples, 1, () => {
				eachBlock(f, blocks, s, result, (block, row, at) => {
					emitGather(f, block.windows, image, scratch, row);
					f.do(block.multiply(scratch, at, sums, gemmScratch));
				});
				f.set(image, i32.add(image, inputs * s.pixels * bytes));
				f.set(result, i32.add(result, outputs * s.columns * bytes));
			});
			const first = i32.add(
				i32.mul(group, s.perOut * s.depth * bytes),
				i32.mul(i32.rem(part, chunks), depth * bytes),
			);
			emitTranspose(f, s.type, sums, f.let(i32.add(out, first)), depth, s.perOut, s.depth);
		});
	});
	return {
		callee,
		parts: geometry.groups * chunks,
		scratch: blocks.windowBytes + sumBytes + blocks.gemmBytes,
	};
}

/** In how many parts of equal size the channels of a group are split, each with enough rows for the product. */
function chunksOf(channels: number, rows: number): number {
	let chunks = channels;
	while (chunks > 1 && (channels % chunks !== 0 || rows / chunks < 64)) chunks--;
	return Math.max(1, chunks);
}

/** Copies a matrix without gaps to the transposed place, where rows are `stride` elements apart. */
function emitTranspose(
	f: FunctionBuilder,
	type: FloatVector,
	from: Local<"i32">,
	to: Local<"i32">,
	rows: number,
	columns: number,
	stride: number,
): void {
	const [source, target] = [f.let(from), f.local("i32")];
	f.for(0, rows * type.bytes, type.bytes, (row) => {
		f.set(target, i32.add(to, row));
		f.for(0, columns, 1, () => {
			f.do(type.storeLane(target, type.loadZero(source), 0));
			f.set(source, i32.add(source, type.bytes));
			f.set(target, i32.add(target, stride * type.bytes));
		});
	});
}

interface GroupAddresses {
	readonly image: Local<"i32">;
	readonly filter: Local<"i32">;
	readonly result: Local<"i32">;
}

/** Walks the groups of some samples: `body` gets where the parts begin that each works on. */
function eachGroup(
	f: FunctionBuilder,
	convolution: Convolution,
	all: GroupAddresses,
	from: Local<"i32">,
	to: Local<"i32">,
	body: (at: GroupAddresses) => void,
): void {
	const { type, perIn, perOut, depth, columns, pixels } = sizes(convolution);
	const { groups } = convolution.geometry;
	const imageBytes = perIn * pixels * type.bytes;
	const resultBytes = perOut * columns * type.bytes;
	const image = f.let(i32.add(all.image, i32.mul(from, groups * imageBytes)));
	const result = f.let(i32.add(all.result, i32.mul(from, groups * resultBytes)));
	const filter = f.local("i32");
	f.for(from, to, 1, () => {
		f.set(filter, all.filter);
		f.for(0, groups, 1, () => {
			body({ image, filter, result });
			f.set(image, i32.add(image, imageBytes));
			f.set(result, i32.add(result, resultBytes));
			f.set(filter, i32.add(filter, perOut * depth * type.bytes));
		});
	});
}
