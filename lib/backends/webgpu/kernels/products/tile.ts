import type { ProductFactor } from "./factor.ts";
import type { Target } from "./stores.ts";

/** Products of matrices, batch×(m×k) times batch×(k×n), wherever their elements lie. */
export interface Products {
	readonly batch: number;
	readonly m: number;
	readonly n: number;
	readonly k: number;
	readonly left: ProductFactor;
	readonly right: ProductFactor;
	readonly target: Target;
}

/** How a workgroup computes a block of the result from blocks of both factors. */
export interface ShaderTile {
	/** Rows and columns of the result. */
	readonly rows: number;
	readonly columns: number;
	/** So many terms of both factors are in the workgroup's memory at a time. */
	readonly depth: number;
	/** Rows and columns that an invocation computes: multiples of four. */
	readonly rowsEach: number;
	readonly columnsEach: number;
}

/** What of a device's limits matters to tiles. */
export type TileLimits = Pick<
	GPUSupportedLimits,
	"maxComputeInvocationsPerWorkgroup" | "maxComputeWorkgroupStorageSize"
>;

/** What each device has. */
const LEAST: TileLimits = {
	maxComputeInvocationsPerWorkgroup: 256,
	maxComputeWorkgroupStorageSize: 16384,
};

/** Rows, columns, depth, and rows and columns of an invocation; the largest first. */
const TILES: readonly ShaderTile[] = [
	[128, 128, 8, 8, 8],
	[128, 64, 16, 8, 4],
	[64, 64, 16, 8, 8],
	[64, 64, 16, 4, 4],
	[32, 64, 16, 4, 4],
	[32, 32, 16, 4, 4],
	[16, 64, 16, 4, 4],
].map(([rows, columns, depth, rowsEach, columnsEach]) => {
	return { rows, columns, depth, rowsEach, columnsEach } as ShaderTile;
});

/** The deepest of the tiles: parts of long sums are whole multiples. */
const DEPTH = 16;

/** So many workgroups keep a device busy. */
const ENOUGH = 64;

/** Invocations of a workgroup. */
export function invocationsOf({ rows, columns, rowsEach, columnsEach }: ShaderTile): number {
	return (rows / rowsEach) * (columns / columnsEach);
}

/** How many workgroups compute products, each of which has one part of a sum. */
export function workgroupsOf(
	{ batch, m, n }: Pick<Products, "batch" | "m" | "n">,
	{ rows, columns }: Pick<ShaderTile, "rows" | "columns">,
): number {
	return batch * Math.ceil(m / rows) * Math.ceil(n / columns);
}

/** How many terms there are in a part of the sums: all, or fewer where there are few blocks. */
export function termsInPart(products: Pick<Products, "batch" | "m" | "n" | "k">): number {
	const { k } = products;
	const blocks = workgroupsOf(products, { rows: 64, columns: 64 });
	const parts = Math.min(Math.ceil((2 * ENOUGH) / Math.max(1, blocks)), Math.floor(k / 256));
	if (blocks >= ENOUGH || parts < 2) return k;
	return Math.ceil(k / parts / DEPTH) * DEPTH;
}

/** Into how many parts sums are split. */
export function sumPartsOf(k: number, part: number): number {
	return k <= part ? 1 : Math.ceil(k / part);
}

/**
 * The tiles by which products can be computed, the one that should be fastest first. All give the
 * same bits: see `blocksShader`.
 */
export function tilesFor(
	products: Pick<Products, "batch" | "m" | "n" | "k">,
	limits: TileLimits = LEAST,
): readonly ShaderTile[] {
	const parts = sumPartsOf(products.k, termsInPart(products));
	const fits = TILES.filter((tile) => {
		const bytes = 4 * tile.depth * (tile.rows + tile.columns);
		return (
			bytes <= limits.maxComputeWorkgroupStorageSize &&
			invocationsOf(tile) <= limits.maxComputeInvocationsPerWorkgroup
		);
	});
	const costs = new Map(fits.map((tile) => [tile, costOf(products, tile, parts)]));
	return fits.toSorted((a, b) => costs.get(a)! - costs.get(b)!);
}

/**
 * About how long a tile takes: what is computed beyond the edges counts, what is read for each
 * term, and processors for which there is no workgroup.
 */
function costOf(products: Pick<Products, "batch" | "m" | "n">, tile: ShaderTile, parts: number) {
	const { rows, columns, rowsEach, columnsEach } = tile;
	const workgroups = parts * workgroupsOf(products, tile);
	const reads = 1 / rowsEach + 1 / columnsEach + 4 / rows + 4 / columns;
	const computed = workgroups * rows * columns;
	return computed * (1 + reads) * Math.max(1, ENOUGH / workgroups);
}
