import type { ModuleBuilder } from "../../../asm/assembler.ts";
import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { emitTile, type Tiles, vectorsOf } from "../../../asm/tile.ts";
import {
	type DepthPass,
	isRightPacked,
	leftLayout,
	type PanelRun,
	rowStep,
	VECTOR,
} from "./blocks.ts";
import { emitPack } from "./pack.ts";
import { type MatrixProduct, otherParams } from "./product.ts";

const PANEL_PARAMS = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
type Address = Local<"i32">;
type PanelLocals = [Address, Address, Address, Address, Address, Address, Address, ...Address[]];

/**
 * Defines a function that adds some terms to a panel of columns, in the rows from `from` to before
 * `to`. `a` is where the first of these rows is, `b` where the panel is, and `column` where the
 * columns begin in a row of the result, in bytes; what becomes of the sums takes its addresses
 * last.
 */
export function definePanel(
	m: ModuleBuilder,
	name: string,
	product: MatrixProduct,
	tiles: Tiles,
	pass: DepthPass,
	{ columns }: PanelRun,
) {
	const type = vectorsOf(product.dtype);
	const { bytes, lanes } = type;
	const rows = rowStep(product, tiles);
	const left = leftLayout(product, tiles, pass);
	const packed = isRightPacked(product);
	const width = VECTOR * Math.ceil(columns / lanes);
	const [bRow, cRow] = [product.b.row * bytes, product.cRow * bytes];
	// The last vector of a row ends where the row ends.
	const vectors = Array.from({ length: Math.ceil(columns / lanes) }, (_, v) =>
		Math.max(0, Math.min(v * lanes, columns - lanes) * bytes),
	);
	const params = [...PANEL_PARAMS, ...otherParams(product)];
	return m.define(name, params, "none", (f, ...locals) => {
		const [a, b, c, scratch, column, from, to, ...others] = locals as PanelLocals;
		if (packed) {
			emitPack(f, type, {
				from: b,
				to: scratch,
				rows: pass.depth,
				columns,
				rowStride: bRow,
				columnStride: product.b.column * bytes,
				width,
			});
		}
		// Where the tile begins, from the start of c.
		const offset = f.let(i32.add(column, i32.mul(from, cRow)));
		const finishing = pass.last ? product.epilogue?.begin(f, c, others) : undefined;
		const tile = (count: number, first: Expr<"i32">) =>
			emitTile(f, type, {
				rows: count,
				vectors,
				a,
				b: packed ? scratch : b,
				c: f.let(i32.add(c, offset)),
				aRow: left.row,
				cRow,
				aStep: left.step,
				bStep: packed ? width : bRow,
				depth: pass.depth,
				accumulate: pass.accumulate,
				lanes: Math.min(lanes, columns),
				fused: tiles.fused,
				finish:
					finishing &&
					((i, sums) =>
						finishing({
							row: i32.add(first, i),
							vectors,
							offset: i32.add(offset, i * cRow),
							inRow: column,
							sums,
						})),
			});
		f.for(from, f.let(i32.sub(to, rows - 1)), rows, (row) => {
			tile(rows, row);
			f.set(a, i32.add(a, left.tile));
			f.set(offset, i32.add(offset, rows * cRow));
		});
		const rest = product.m % rows;
		if (rest > 0) f.if(i32.eq(to, product.m), () => tile(rest, i32.const(product.m - rest)));
	});
}
