import type { Expr } from "../../../asm/expression.ts";
import type { FunctionBuilder, Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { addProduct, type FloatVector, loadPart, vectorsOf } from "../../../asm/tile.ts";
import type { MatrixProduct } from "./product.ts";

/**
 * Rows that are multiplied with the vector together, and vectors of each that are read at a time.
 */
export const DOT_ROWS = 4;
const VECTORS = 2;

/**
 * A product with a vector as dot products of the rows of a matrix with it; distances in elements.
 */
export interface RowDots {
	/**
	 * Whether a is the matrix, and the rows are those of the product; else it is b, and they are its
	 * columns.
	 */
	readonly left: boolean;
	readonly rows: number;
	readonly rowStride: number;
	/** From one element of the result to the next. */
	readonly outStride: number;
}

/**
 * A product as dot products of rows, if it is one with a vector and all lies beside each other
 * along the sums.
 */
export function rowDots({ m, n, a, b, cRow }: MatrixProduct): RowDots | null {
	if (a.column !== 1 || b.row !== 1) return null;
	if (n === 1) return { left: true, rows: m, rowStride: a.row, outStride: cRow };
	if (m === 1) return { left: false, rows: n, rowStride: b.column, outStride: 1 };
	return null;
}

/**
 * Where the matrix, the vector and the result are, and which rows are computed: to a multiple of
 * `DOT_ROWS`, or all.
 */
export interface RowDotAddresses {
	readonly matrix: Local<"i32">;
	readonly vector: Local<"i32">;
	readonly out: Local<"i32">;
	readonly from: Local<"i32">;
	readonly to: Local<"i32">;
	/** What becomes of the sums takes these addresses. */
	readonly others: readonly Local<"i32">[];
}

/**
 * Writes dot products of rows into a function. Each sum is made of several, a lane each, so its
 * order is not that of k.
 */
export function emitRowDots(
	f: FunctionBuilder,
	product: MatrixProduct,
	{ left, rows, rowStride, outStride }: RowDots,
	{ matrix, vector, out, from, to, others }: RowDotAddresses,
	fused: boolean,
): void {
	const type = vectorsOf(product.dtype);
	const { bytes } = type;
	const row = f.let(i32.add(matrix, i32.mul(from, rowStride * bytes)));
	const offset = f.let(i32.mul(from, outStride * bytes));
	const finishing = product.epilogue?.begin(f, out, others);
	const some = (count: number, first: Expr<"i32">) => {
		const sums = dots(f, product, row, rowStride * bytes, vector, count, fused);
		for (const [i, sum] of sums.entries()) {
			const at = f.let(i32.add(out, offset));
			if (product.accumulate) f.set(sum, type.add(sum, type.loadSplat(at)));
			const place = left
				? { row: i32.add(first, i), inRow: i32.const(0) }
				: { row: i32.const(0), inRow: offset };
			const stored = finishing?.({ ...place, vectors: [0], offset, sums: [sum] }) ?? [
				{ at, values: [sum] },
			];
			for (const { at, values } of stored) f.do(type.storeLane(at, values[0]!, 0));
			f.set(offset, i32.add(offset, outStride * bytes));
		}
		f.set(row, i32.add(row, count * rowStride * bytes));
	};
	const last = f.let(i32.sub(to, DOT_ROWS - 1));
	f.for(from, last, DOT_ROWS, (first) => some(DOT_ROWS, first));
	const rest = rows % DOT_ROWS;
	if (rest > 0) f.if(i32.eq(to, rows), () => some(rest, i32.const(rows - rest)));
}

/** The dot products of neighbouring rows with the vector, each in all lanes. */
function dots(
	f: FunctionBuilder,
	{ dtype, k }: MatrixProduct,
	row: Local<"i32">,
	rowBytes: number,
	vector: Local<"i32">,
	count: number,
	fused: boolean,
): Local<"v128">[] {
	const type = vectorsOf(dtype);
	const sums = Array.from({ length: count }, () =>
		Array.from({ length: VECTORS }, () => f.let(type.const(0))),
	);
	const step = VECTORS * type.lanes;
	const [left, right] = [f.let(row), f.let(vector)];
	/** Adds the products of up to `step` elements from here on. */
	const add = (elements: number) => {
		for (let v = 0; v * type.lanes < elements; v++) {
			const lanes = Math.min(type.lanes, elements - v * type.lanes);
			const x = f.let(loadPart(type, right, 16 * v, lanes));
			for (const [r, sum] of sums.entries()) {
				const y = loadPart(type, left, r * rowBytes + 16 * v, lanes);
				f.set(sum[v]!, addProduct(type, fused, y, x, sum[v]!));
			}
		}
	};
	const whole = k - (k % step);
	f.for(0, whole, step, () => {
		add(step);
		f.set(left, i32.add(left, step * type.bytes));
		f.set(right, i32.add(right, step * type.bytes));
	});
	add(k - whole);
	return sums.map(([x, y]) => {
		const sum = f.let(type.add(x!, y!));
		for (let half = type.lanes / 2; half >= 1; half /= 2)
			f.set(sum, type.add(sum, rotated(type, sum, half)));
		return sum;
	});
}

/** A vector with its lanes moved around. */
function rotated(type: FloatVector, x: Local<"v128">, by: number) {
	const lanes = Array.from({ length: type.lanes }, (_, i) => (i + by) % type.lanes);
	return type.shuffle(x, x, lanes);
}
