import { type Callee, callTo, type ModuleBuilder } from "../../../asm/assembler.ts";
import type { Expr } from "../../../asm/expression.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { memory } from "../../../asm/memory.ts";
import { i32, select } from "../../../asm/scalar.ts";
import type { FloatVector, Tiles } from "../../../asm/tile.ts";
import type { Convolution, Wanted } from "../../../schedule/kernel.ts";
import { defineGemm } from "../products/gemm.ts";
import type { EpilogueCode } from "../products/product.ts";
import { convolutionWork, sizes, type WindowBlock, type Work } from "./window-blocks.ts";
import { emitGather, emitScatter } from "./windows.ts";

// Convolutions as products with the windows of an image, which are gathered into scratch memory, as
// many rows of the result at a time as stay in the cache. All tensors are row-major: images samples
// × channels × height × width, filters outputs × inputs of a group × height × width.

/**
 * One of the three products of a convolution as a function: the addresses of the two tensors that
 * it is computed from and of the one that is wanted; those that what becomes of the sums takes;
 * that of scratch memory that no other thread uses, whatever is in it; and the first part of the
 * work that is done and the one after the last.
 */
export type ConvolutionFunction = Callee<readonly "i32"[], "none">;

/** Where the tensors of a convolution lie, or what of them a part works on. */
type Addresses = Readonly<Record<Wanted, Local<"i32">>>;

/**
 * Defines one of the three products: images and filters to results, results and filters to images,
 * or images and results to filters. `epilogue` is for results.
 */
export function defineConvolution(
	m: ModuleBuilder,
	name: string,
	convolution: Convolution,
	wanted: Wanted,
	tiles: Tiles,
	threads: number,
	epilogue?: EpilogueCode,
): ConvolutionFunction {
	const work = convolutionWork(convolution, wanted, tiles, threads);
	const { type, columns, pixels, depth } = sizes(convolution);
	const gemms = work.blocks.map(({ product }, i) =>
		defineGemm(m, `${name}.${i}`, epilogue ? { ...product, epilogue } : product, tiles),
	);
	const params = Array.from({ length: 6 + (epilogue?.others ?? 0) }, () => "i32" as const);
	return m.define(name, params, "none", (f, ...locals) => {
		const [first, second, out] = locals as [Local<"i32">, Local<"i32">, Local<"i32">];
		const [scratch, from, to] = locals.slice(-3) as [Local<"i32">, Local<"i32">, Local<"i32">];
		const others = locals.slice(3, -3);
		const all: Addresses = {
			result: { image: first, filter: second, result: out },
			image: { result: first, filter: second, image: out },
			filter: { image: first, result: second, filter: out },
		}[wanted];
		const sums = f.let(i32.add(scratch, work.windowBytes));
		const gemmScratch = f.let(i32.add(sums, work.sumBytes));
		const blocks = (at: Part) =>
			eachBlock(f, convolution, work, at, (block, i, row, windows, result) => {
				const gemm = gemms[i]!;
				const [a, b, c] = {
					result: [at.filter, windows ?? scratch, result],
					image: [at.filter, result, windows ?? scratch],
					filter: [windows ?? scratch, result, sums],
				}[wanted] as [Local<"i32">, Local<"i32">, Local<"i32">];
				const gathers = wanted !== "image" && !work.inPlace;
				if (gathers) emitGather(f, block.windows, at.image, scratch, row);
				f.do(
					callTo(gemm, a, b, c, ...others, gemmScratch, i32.const(0), i32.const(block.product.m)),
				);
				const scatters = wanted === "image" && !work.inPlace;
				if (scatters) emitScatter(f, block.windows, at.image, scratch, row);
			});
		f.for(from, to, 1, (part) => {
			const at = partOf(f, convolution, wanted, work, all, part);
			if (wanted === "result") blocks(at);
			if (wanted === "image") {
				f.do(memory.fill(at.image, 0, work.channels * pixels * type.bytes));
				blocks(at);
			}
			if (wanted === "filter") {
				f.do(memory.fill(sums, 0, work.sumBytes));
				f.for(0, convolution.samples, 1, () => {
					blocks(at);
					f.set(at.image, i32.add(at.image, convolution.inputs * pixels * type.bytes));
					f.set(at.result, i32.add(at.result, convolution.outputs * columns * type.bytes));
				});
				emitTranspose(f, type, sums, at.filter, work.depth, work.outputs, depth);
			}
		});
	});
}

/** What a part of the work works on, and where its rows of the result begin, if not at 0. */
interface Part extends Addresses {
	readonly firstRow: Local<"i32"> | null;
}

function partOf(
	f: FunctionBuilder,
	convolution: Convolution,
	wanted: Wanted,
	{ pieces, chunks, channels, outputs, band, depth }: Work,
	all: Addresses,
	part: Local<"i32">,
): Part {
	const { type, perIn, perOut, columns, pixels, depth: whole } = sizes(convolution);
	const { groups } = convolution.geometry;
	const after = (start: Local<"i32">, count: Expr<"i32">, elements: number) =>
		f.let(i32.add(start, i32.mul(count, elements * type.bytes)));
	const block = f.let(i32.div(part, pieces));
	const group = wanted === "filter" ? block : f.let(i32.rem(block, groups));
	const at = {
		image: after(all.image, block, perIn * pixels),
		filter: after(all.filter, group, perOut * whole),
		result: after(all.result, block, perOut * columns),
		firstRow: null,
	};
	if (pieces === 1) return at;
	const piece = f.let(i32.rem(part, pieces));
	if (wanted === "result") return { ...at, firstRow: f.let(i32.mul(piece, band)) };
	const input = f.let(i32.rem(piece, chunks));
	const output = f.let(i32.div(piece, chunks));
	return {
		...at,
		image: after(at.image, input, channels * pixels),
		filter: after(after(at.filter, input, depth), output, outputs * whole),
		result: after(at.result, output, outputs * columns),
	};
}

/**
 * Walks the blocks of a result: `body` gets a block, its number, its first row, and where that
 * begins in the image, if windows are the image's pixels, and in the result.
 */
function eachBlock(
	f: FunctionBuilder,
	convolution: Convolution,
	{ blocks, inPlace, band }: Work,
	{ image, result, firstRow }: Part,
	body: (
		block: WindowBlock,
		i: number,
		row: Local<"i32">,
		windows: Local<"i32"> | null,
		result: Local<"i32">,
	) => void,
): void {
	const rowBytes = convolution.geometry.result[1] * sizes(convolution).type.bytes;
	let start = 0;
	for (const [i, block] of blocks.entries()) {
		const { rows } = block.windows;
		const end = start + block.count * rows;
		const [from, to] = firstRow === null ? [start, end] : within(f, firstRow, band, start, end);
		f.for(from, to, rows, (row) => {
			const offset = i32.mul(row, rowBytes);
			const windows = inPlace ? f.let(i32.add(image, offset)) : null;
			body(block, i, row, windows, f.let(i32.add(result, offset)));
		});
		start = end;
	}
}

/** The rows of a band that are not before some row and not beyond another. */
function within(f: FunctionBuilder, first: Local<"i32">, band: number, start: number, end: number) {
	const last = f.let(i32.add(first, band));
	const from = f.let(select(i32.lt(first, start), i32.const(start), first));
	return [from, f.let(select(i32.lt(last, end), last, i32.const(end)))] as const;
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
