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

/**
 * Copies a panel so that its rows follow each other without gaps. Where what follows each other is
 * along the columns, as many rows as a vector has lanes are copied at a time.
 */
export function emitPack(f: FunctionBuilder, type: FloatVector, panel: Panel): void {
	const { rows, rowStride, width, to } = panel;
	const from = f.let(panel.from);
	const transposed = rowStride === type.bytes && panel.columnStride !== type.bytes;
	const whole = transposed ? rows - (rows % type.lanes) : 0;
	const middle = f.let(i32.add(to, whole * width));
	f.for(to, middle, type.lanes * width, (row) => {
		packRows(f, type, panel, from, row, type.lanes);
		f.set(from, i32.add(from, type.lanes * rowStride));
	});
	f.for(middle, f.let(i32.add(to, rows * width)), width, (row) => {
		packRows(f, type, panel, from, row, 1);
		f.set(from, i32.add(from, rowStride));
	});
}

/** Copies a row, or as many as a vector has lanes. */
function packRows(
	f: FunctionBuilder,
	type: FloatVector,
	{ columns, rowStride, columnStride, width }: Panel,
	from: Local<"i32">,
	to: Local<"i32">,
	count: number,
): void {
	const contiguous = columnStride === type.bytes;
	for (let column = 0; column * type.bytes < width; column += type.lanes) {
		const lanes = Math.min(type.lanes, columns - column);
		const room = Math.min(type.lanes, width / type.bytes - column);
		const at = column * columnStride;
		if (count === type.lanes && lanes === type.lanes) {
			const loaded = Array.from({ length: lanes }, (_, i) =>
				f.let(type.load(from, at + i * columnStride)),
			);
			for (const [r, x] of transpose(f, type, loaded).entries()) {
				f.store(type, to, x, r * width + column * type.bytes);
			}
			continue;
		}
		for (let r = 0; r < count; r++) {
			const start = at + r * rowStride;
			let x = type.const(0);
			if (contiguous && lanes === type.lanes) x = type.load(from, start);
			else for (let i = 0; i < lanes; i++) x = type.loadLane(from, x, i, start + i * columnStride);
			storePart(f, type, to, r * width + column * type.bytes, f.let(x), room);
		}
	}
}

/** The first lanes of all vectors in one, the second ones in the next, and so on. */
function transpose(
	f: FunctionBuilder,
	type: FloatVector,
	vectors: readonly Local<"v128">[],
): readonly Local<"v128">[] {
	const half = type.lanes / 2;
	const picked = Array.from({ length: type.lanes }, (_, i) => (i % 2) * type.lanes + (i >> 1));
	let x = vectors;
	for (let size = 1; size < type.lanes; size *= 2) {
		x = x.flatMap((_, i) => {
			if (i >= half) return [];
			const pair = [x[i]!, x[i + half]!] as const;
			const high = picked.map((lane) => lane + half);
			return [f.let(type.shuffle(...pair, picked)), f.let(type.shuffle(...pair, high))];
		});
	}
	return x;
}
