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
	tileHeights,
} from "./blocks.ts";
import { emitPack } from "./pack.ts";
import { type MatrixProduct, otherParams } from "./product.ts";

const PANEL_PARAMS = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
type Address = Local<"i32">;
type PanelLocals = [Address, Address, Address, Address, Address, Address, ...Address[]];

/** Defines a function that packs a panel of b: where its first term is, and where the copy goes. */
export function definePackPanel(
	m: ModuleBuilder,
	name: string,
	{ dtype, b }: MatrixProduct,
	pass: DepthPass,
	panel: PanelRun,
) {
	const type = vectorsOf(dtype);
	return m.define(`${name}.columns`, ["i32", "i32"], "none", (f, from, to) => {
		emitPack(f, type, {
			from,
			to,
			rows: pass.depth,
			columns: panel.columns,
			rowStride: b.row * type.bytes,
			columnStride: b.column * type.bytes,
			width: panel.width,
		});
	});
}

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
	panel: PanelRun,
) {
	const { columns, vectors } = panel;
	const type = vectorsOf(product.dtype);
	const { bytes, lanes } = type;
	const rows = rowStep(product, tiles);
	const left = leftLayout(product, tiles, pass);
	const cRow = product.cRow * bytes;
	const heights = tileHeights(product, tiles, panel);
	const params = [...PANEL_PARAMS, ...otherParams(product)];
	return m.define(name, params, "none", (f, ...locals) => {
		const [a, b, c, column, from, to, ...others] = locals as PanelLocals;
		// Where the tile begins, from the start of c.
		const offset = f.let(i32.add(column, i32.mul(from, cRow)));
		const finishing = pass.last ? product.epilogue?.begin(f, c, others) : undefined;
		const tile = (count: number, first: Expr<"i32">) =>
			emitTile(f, type, {
				aRows: Array.from(
					{ length: count },
					(_, i) => Math.floor(i / rows) * left.tile + (i % rows) * left.row,
				),
				vectors,
				a,
				b,
				c: f.let(i32.add(c, offset)),
				cRow,
				aStep: left.step,
				bStep: isRightPacked(product, tiles) ? panel.width : product.b.row * bytes,
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
		const first = f.let(from);
		// As long as so many tiles of rows are left, they are computed together.
		for (const height of heights) {
			const last = f.let(i32.sub(to, height * rows - 1));
			f.while(i32.lt(first, last), () => {
				tile(height * rows, first);
				f.set(a, i32.add(a, height * left.tile));
				f.set(offset, i32.add(offset, height * rows * cRow));
				f.set(first, i32.add(first, height * rows));
			});
		}
		const rest = product.m % rows;
		if (rest > 0) f.if(i32.eq(to, product.m), () => tile(rest, i32.const(product.m - rest)));
	});
}
