import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { type FloatVector, storePart } from "../../../asm/tile.ts";

/** A panel to be copied: some columns of a matrix, over some of its rows. Strides are in bytes. */
export interface Panel {
	/** Where its first element is, and where the copy goes. */
	readonly from: Local<"i32">;
	readonly to: Local<"i32">;
	readonly rows: number;
	readonly columns: number;
	readonly rowStride: number;
	readonly columnStride: number;
	/** Bytes of a row of the copy; zeros fill what the columns leave. */
	readonly width: number;
}

/** Copies a panel so that its rows follow each other without gaps. */
export function emitPack(f: FunctionBuilder, type: FloatVector, panel: Panel): void {
	const { rows, columns, rowStride, columnStride, width, to } = panel;
	const from = f.let(panel.from);
	const end = f.let(i32.add(to, rows * width));
	const contiguous = columnStride === type.bytes;
	f.for(to, end, width, (row) => {
		for (let column = 0; column * type.bytes < width; column += type.lanes) {
			const lanes = Math.min(type.lanes, columns - column);
			const room = Math.min(type.lanes, width / type.bytes - column);
			const at = column * columnStride;
			let x = type.const(0);
			if (contiguous && lanes === type.lanes) x = type.load(from, at);
			else for (let i = 0; i < lanes; i++) x = type.loadLane(from, x, i, at + i * columnStride);
			if (room === type.lanes) f.store(type, row, x, column * type.bytes);
			else storePart(f, type, row, column * type.bytes, f.let(x), room);
		}
		f.set(from, i32.add(from, rowStride));
	});
}
