import type { ModuleBuilder } from "./assembler.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { emitPack } from "./pack.ts";
import {
	isRightPacked,
	leftLayout,
	type Panels,
	type Pass,
	type Product,
	rowStep,
	type Tiles,
	VECTOR,
} from "./product.ts";
import { i32 } from "./scalar.ts";
import { emitTile, vectorsOf } from "./tile.ts";

/**
 * Defines a function that adds some terms to a panel of columns, in the rows from `from` to before `to`. `a` is where the
 * first of these rows is, `b` where the panel is, and `column` where the columns begin in a row of the result, in bytes.
 */
export function definePanel(
	m: ModuleBuilder,
	name: string,
	product: Product,
	tiles: Tiles,
	pass: Pass,
	{ columns }: Panels,
) {
	const { bytes, lanes } = vectorsOf(product.dtype);
	const rows = rowStep(product, tiles);
	const width = VECTOR * Math.ceil(columns / lanes);
	const packed = isRightPacked(product);
	const { tile: tileBytes } = leftLayout(product, tiles, pass);
	const params = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
	return m.define(name, params, "none", (f, a, b, c, scratch, column, from, to) => {
		if (packed) {
			emitPack(f, vectorsOf(product.dtype), {
				from: b,
				to: scratch,
				rows: pass.depth,
				columns,
				rowStride: product.b.row * bytes,
				columnStride: product.b.column * bytes,
				width,
			});
		}
		const left = f.let(a);
		const offset = f.let(i32.add(column, i32.mul(from, product.cRow * bytes)));
		const right = packed ? scratch : b;
		const bStep = packed ? width : product.b.row * bytes;
		const tile = (count: number) =>
			emitRows(f, product, tiles, pass, columns, {
				left,
				right,
				bStep,
				c,
				offset,
				column,
				rows: count,
			});
		f.for(from, f.let(i32.sub(to, rows - 1)), rows, () => {
			tile(rows);
			f.set(left, i32.add(left, tileBytes));
			f.set(offset, i32.add(offset, rows * product.cRow * bytes));
		});
		const rest = product.m % rows;
		if (rest > 0) f.if(i32.eq(to, product.m), () => tile(rest));
	});
}

/** A few rows of a panel: where their terms are, where they lie from the start of c, and the panel from the start of a row. */
interface Rows {
	readonly rows: number;
	readonly left: Local<"i32">;
	readonly right: Local<"i32">;
	readonly bStep: number;
	readonly c: Local<"i32">;
	readonly offset: Local<"i32">;
	readonly column: Local<"i32">;
}

/** Adds some terms to a few rows of a panel. */
function emitRows(
	f: FunctionBuilder,
	product: Product,
	tiles: Tiles,
	pass: Pass,
	columns: number,
	{ rows, left, right, bStep, c, offset, column }: Rows,
): void {
	const type = vectorsOf(product.dtype);
	const { bytes, lanes } = type;
	const cRow = product.cRow * bytes;
	// The last vector of a row ends where the row ends.
	const vectors = Array.from({ length: Math.ceil(columns / lanes) }, (_, v) =>
		Math.max(0, Math.min(v * lanes, columns - lanes) * bytes),
	);
	const { finish } = product;
	const { row: aRow, step: aStep } = leftLayout(product, tiles, pass);
	emitTile(f, type, {
		rows,
		vectors,
		a: left,
		b: right,
		c: f.let(i32.add(c, offset)),
		aRow,
		cRow,
		aStep,
		bStep,
		depth: pass.depth,
		accumulate: pass.accumulate,
		lanes: Math.min(lanes, columns),
		finish:
			pass.last && finish !== undefined
				? (row, v, value) =>
						finish(
							f,
							value,
							i32.add(offset, row * cRow + vectors[v]!),
							i32.add(column, vectors[v]!),
						)
				: undefined,
	});
}
