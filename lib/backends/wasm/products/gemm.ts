import { type Callee, callTo, type ModuleBuilder } from "../../../asm/assembler.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { type Tiles, vectorsOf } from "../../../asm/tile.ts";
import {
	type DepthPass,
	isLeftPacked,
	isRightPacked,
	keepsPanels,
	leftLayout,
	panelsOf,
	passesOf,
	rightScratch,
	rowBlock,
	rowStep,
} from "./blocks.ts";
import { definePackPanel, definePanel } from "./gemm-panel.ts";
import { emitRowDots, rowDots } from "./matrix-vector.ts";
import { emitPack } from "./pack.ts";
import { type MatrixProduct, otherParams } from "./product.ts";

/**
 * A function that computes some rows of a product: the addresses of a, b and c in bytes; those that
 * what becomes of the sums takes; that of `scratchBytes` of memory that no other thread uses,
 * whatever is in it; and the first row and the one after the last, which are multiples of `rowStep`
 * unless they are m.
 */
export type Gemm = Callee<readonly "i32"[], "none">;

/**
 * Defines a product as a function. The terms of each sum are added one by one in the order of k, as
 * plain loops do (but that fused ones are rounded once), except in dot products of rows with a
 * vector (`rowDots`); an empty sum is 0. c may not overlap a or b.
 */
export function defineGemm(
	m: ModuleBuilder,
	name: string,
	product: MatrixProduct,
	tiles: Tiles,
): Gemm {
	const dots = rowDots(product);
	if (dots === null) return defineBlocks(m, name, product, tiles);
	return m.define(name, paramsOf(product), "none", (f, ...locals) => {
		const { a, b, c, others, from: rowStart, to: rowEnd } = named(locals);
		if (dots.left) {
			const place = { matrix: a, vector: b, out: c, from: rowStart, to: rowEnd, others };
			emitRowDots(f, product, dots, place, tiles.fused);
			return;
		}
		// The one row of the product, or none: all rows of the matrix, or none.
		const to = f.let(i32.mul(i32.sub(rowEnd, rowStart), dots.rows));
		const from = f.let(i32.const(0));
		const place = { matrix: b, vector: a, out: c, from, to, others };
		emitRowDots(f, product, dots, place, tiles.fused);
	});
}

function paramsOf(product: MatrixProduct): "i32"[] {
	return ["i32", "i32", "i32", ...otherParams(product), "i32", "i32", "i32"];
}

function named(locals: readonly Local<"i32">[]) {
	const [a, b, c] = locals as [Local<"i32">, Local<"i32">, Local<"i32">];
	const [scratch, from, to] = locals.slice(-3) as [Local<"i32">, Local<"i32">, Local<"i32">];
	return { a, b, c, others: locals.slice(3, -3), scratch, from, to };
}

/**
 * The product block by block and panel by panel. Panels of b that several blocks of rows need are
 * packed for the first.
 */
function defineBlocks(m: ModuleBuilder, name: string, product: MatrixProduct, tiles: Tiles): Gemm {
	const { bytes } = vectorsOf(product.dtype);
	const { a, b } = product;
	const size = rowBlock(product, tiles);
	const panels = panelsOf(product, tiles);
	// The loops inside are functions of their own, so that an engine that compiles better what runs
	// often has somewhere to change over while a large product runs for the first time.
	const work = passesOf(product, tiles).map((pass, p) => ({
		pass,
		packRows: isLeftPacked(product)
			? definePackRows(m, `${name}.${p}`, product, tiles, pass)
			: null,
		panels: panels.map((panel, i) => ({
			...panel,
			bytes: pass.depth * panel.width,
			pack: isRightPacked(product, tiles)
				? definePackPanel(m, `${name}.${p}.${i}`, product, pass, panel)
				: null,
			multiply: definePanel(m, `${name}.${p}.${i}`, product, tiles, pass, panel),
		})),
	}));
	return m.define(name, paramsOf(product), "none", (f, ...locals) => {
		const { a: x, b: w, c, others, scratch, from: rowStart, to: rowEnd } = named(locals);
		const packedRows = f.let(i32.add(scratch, rightScratch(product, tiles)));
		const left = f.let(i32.add(x, i32.mul(rowStart, a.row * bytes)));
		const right = f.let(w);
		// One block of rows packs its panels at one place, which stays in the cache.
		const several = i32.gt(i32.sub(rowEnd, rowStart), size);
		const keeps = f.let(keepsPanels(product, tiles) ? several : i32.const(0));
		for (const { pass, packRows, panels } of work) {
			f.for(0, pass.count, 1, () => {
				const block = f.let(left);
				eachRowBlock(f, rowStart, rowEnd, product.m, size, (from, to) => {
					if (packRows !== null) f.do(callTo(packRows, block, packedRows, from, to));
					const rows = packRows === null ? block : packedRows;
					const packed = f.let(scratch);
					for (const { start, columns, count, bytes: step, pack, multiply } of panels) {
						const first = f.let(i32.add(right, start * b.column * bytes));
						f.for(start * bytes, (start + count * columns) * bytes, columns * bytes, (column) => {
							if (pack !== null) {
								const isNew = i32.or(i32.eqz(keeps), i32.eq(from, rowStart));
								f.if(isNew, () => f.do(callTo(pack, first, packed)));
							}
							const panel = pack === null ? first : packed;
							f.do(callTo(multiply, rows, panel, c, column, from, to, ...others));
							f.set(first, i32.add(first, columns * b.column * bytes));
							f.set(packed, i32.add(packed, i32.mul(keeps, step)));
						});
					}
					f.set(block, i32.add(block, size * a.row * bytes));
				});
				f.set(left, i32.add(left, pass.depth * a.column * bytes));
				f.set(right, i32.add(right, pass.depth * b.row * bytes));
			});
		}
	});
}

/** Takes the rows in blocks whose part of a stays in the cache. */
function eachRowBlock(
	f: FunctionBuilder,
	rowStart: Local<"i32">,
	rowEnd: Local<"i32">,
	m: number,
	size: number,
	body: (from: Local<"i32">, to: Local<"i32">) => void,
): void {
	if (m <= size) {
		body(rowStart, rowEnd);
		return;
	}
	f.for(rowStart, rowEnd, size, (from) => {
		const to = f.let(i32.add(from, size));
		f.if(i32.gt(to, rowEnd), () => f.set(to, rowEnd));
		body(from, to);
	});
}

/**
 * Defines a function that packs some terms of the rows from `from` to before `to`, a tile of rows
 * after the other.
 */
function definePackRows(
	m: ModuleBuilder,
	name: string,
	product: MatrixProduct,
	tiles: Tiles,
	pass: DepthPass,
) {
	const type = vectorsOf(product.dtype);
	const rows = rowStep(product, tiles);
	const { step, tile } = leftLayout(product, tiles, pass);
	const params = ["i32", "i32", "i32", "i32"] as const;
	return m.define(`${name}.rows`, params, "none", (f, left, packed, from, to) => {
		const pack = (count: number) =>
			emitPack(f, type, {
				from: left,
				to: packed,
				rows: pass.depth,
				columns: count,
				rowStride: product.a.column * type.bytes,
				columnStride: product.a.row * type.bytes,
				width: step,
			});
		f.for(from, f.let(i32.sub(to, rows - 1)), rows, () => {
			pack(rows);
			f.set(left, i32.add(left, rows * product.a.row * type.bytes));
			f.set(packed, i32.add(packed, tile));
		});
		const rest = product.m % rows;
		if (rest > 0) f.if(i32.eq(to, product.m), () => pack(rest));
	});
}
