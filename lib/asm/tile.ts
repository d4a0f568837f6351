import type { Expr, Operand } from "./expression.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { i32 } from "./scalar.ts";
import { f32x4, f64x2 } from "./simd.ts";

/** The vectors in which a product is computed. */
export type FloatVector = typeof f32x4 | typeof f64x2;

/** The vectors of a float dtype. */
export function vectorsOf(dtype: "float32" | "float64"): FloatVector {
	return dtype === "float32" ? f32x4 : f64x2;
}

/**
 * Sizes of the blocks in which a product is computed; what is fastest differs from engine to
 * engine.
 */
export interface Tiles {
	/**
	 * How many vectors a register tile has beside 1, 2, … rows; as many rows as there are numbers is
	 * the most.
	 */
	readonly vectors: readonly number[];
	/** The most rows where a tile has few vectors: so many need no registers for their factors. */
	readonly tall: number;
	/** How many neighbouring vectors the engine joins to one. */
	readonly joined: number;
	/** The most terms that are summed in one go. */
	readonly depth: number;
	/** Rows of a that stay in the second-level cache, about. */
	readonly rowBlock: number;
	/** From so many rows on it pays to pack b wherever it lies. */
	readonly packedRows: number;
	/**
	 * Whether a term is multiplied and added in one instruction, and so rounded once. Engines have it
	 * for vectors only, so whatever is left over at an edge is computed in vectors too: an element
	 * has the same bits wherever it lies.
	 */
	readonly fused: boolean;
}

/**
 * Vectors to be stored, and where the first of them goes: the others lie beside it as the sums do.
 */
export interface Stored {
	readonly at: Expr<"i32">;
	readonly values: readonly Local<"v128">[];
}

/**
 * A tile of the result, in registers while its terms are summed. Steps and distances are in bytes.
 */
export interface Tile {
	/** Where each row of a lies from the first. */
	readonly aRows: readonly number[];
	/** Where each vector of a row lies from its start; the last may overlap the one before. */
	readonly vectors: readonly number[];
	/** The first element of each operand and of the result. */
	readonly a: Local<"i32">;
	readonly b: Operand<"i32">;
	readonly c: Expr<"i32">;
	/** From one row of the result to the next. */
	readonly cRow: number;
	/** From one term of the sums to the next. */
	readonly aStep: number;
	readonly bStep: number;
	/** How many terms there are. */
	readonly depth: Operand<"i32">;
	/** Whether they are added to what is in the result. */
	readonly accumulate: boolean;
	/**
	 * How many lanes of each vector belong to the result; all unless the row is narrower than a
	 * vector.
	 */
	readonly lanes: number;
	readonly fused: boolean;
	/** What is stored in place of the sums of a row. */
	readonly finish?:
		| ((row: number, sums: readonly Local<"v128">[]) => readonly Stored[])
		| undefined;
}

/**
 * Rows whose factors stay in registers beside the sums; of more rows each factor is loaded when it
 * is needed.
 */
const MOST_FACTORS = 4;

/**
 * Sums the outer products of a column of a and a row of b, term by term in order, then stores the
 * tile. All vectors are loaded before the arithmetic and stored after it, so that an engine which
 * can joins neighbouring ones.
 */
export function emitTile(f: FunctionBuilder, type: FloatVector, tile: Tile): void {
	const { aRows, vectors, a, b, c, depth, fused } = tile;
	const sums = aRows.map((_, i) =>
		vectors.map((at) => {
			const sum = f.local("v128");
			f.set(
				sum,
				tile.accumulate ? loadPart(type, c, i * tile.cRow + at, tile.lanes) : type.const(0),
			);
			return sum;
		}),
	);
	const left = f.let(a);
	const row = vectors.map(() => f.local("v128"));
	const factors = sums.map(() => f.local("v128"));
	const from = typeof b === "number" ? i32.const(b) : b;
	const to = f.let(i32.add(from, i32.mul(depth, tile.bStep)));
	f.for(from, to, tile.bStep, (right) => {
		for (const [v, x] of row.entries()) f.set(x, type.load(right, vectors[v]!));
		const loadFactor = (x: Local<"v128">, i: number) => f.set(x, type.loadSplat(left, aRows[i]!));
		const early = aRows.length <= MOST_FACTORS;
		if (early) for (const [i, x] of factors.entries()) loadFactor(x, i);
		for (const [i, sumsOfRow] of sums.entries()) {
			const factor = factors[i]!;
			if (!early) loadFactor(factor, i);
			for (const [v, sum] of sumsOfRow.entries()) {
				f.set(sum, addProduct(type, fused, factor, row[v]!, sum));
			}
		}
		f.set(left, i32.add(left, tile.aStep));
	});
	const stored = sums.flatMap((values, i): readonly (Stored & { readonly row?: number })[] =>
		tile.finish === undefined ? [{ at: c, row: i * tile.cRow, values }] : tile.finish(i, values),
	);
	for (const { at, row = 0, values } of stored) {
		for (const [v, x] of values.entries()) {
			storePart(f, type, at, row + vectors[v]!, x, tile.lanes);
		}
	}
}

/** A sum with a term added: a product of two factors, rounded by itself unless it is fused. */
export function addProduct(
	type: FloatVector,
	fused: boolean,
	x: Expr<"v128">,
	y: Expr<"v128">,
	sum: Expr<"v128">,
): Expr<"v128"> {
	return fused ? type.relaxedMadd(x, y, sum) : type.add(sum, type.mul(x, y));
}

/** The first lanes of a vector from memory, and nothing beyond. */
export function loadPart(
	type: FloatVector,
	at: Expr<"i32">,
	offset: number,
	lanes: number,
): Expr<"v128"> {
	if (lanes === type.lanes) return type.load(at, offset);
	let x = type.loadZero(at, offset);
	for (let i = 1; i < lanes; i++) x = type.loadLane(at, x, i, offset + i * type.bytes);
	return x;
}

/** Stores the first lanes of a vector. */
export function storePart(
	f: FunctionBuilder,
	type: FloatVector,
	at: Expr<"i32">,
	offset: number,
	x: Local<"v128">,
	lanes: number,
): void {
	if (lanes === type.lanes) f.store(type, at, x, offset);
	else for (let i = 0; i < lanes; i++) f.do(type.storeLane(at, x, i, offset + i * type.bytes));
}
