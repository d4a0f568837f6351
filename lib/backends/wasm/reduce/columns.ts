import type { Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { i32x4 } from "../../../asm/simd.ts";
import { BYTES } from "../../../core/dtype.ts";
import { type Expression, inputsIn } from "../../../schedule/expression.ts";
import { loadFour, storeFour } from "../elementwise/access.ts";
import { type FourElements, forEachBlock } from "../elementwise/blocks.ts";
import { expressionWriter, type Leaves } from "../elementwise/expression.ts";
import { nest, type Range } from "../elementwise/nest.ts";
import { LANES, madeOf, type VectorValue } from "../elementwise/value.ts";
import type { Code } from "../math/floats.ts";
import { keptOperand } from "./keep.ts";
import {
	compensates,
	endRun,
	isWatched,
	laneByLane,
	lookAfter,
	type RunningReduction,
	startRunning,
	takeIn,
} from "./reducers.ts";
import {
	forEachPart,
	needsRuns,
	rowsAt,
	type SliceNest,
	type Stores,
	storesOf,
	walking,
	whereNeeded,
} from "./slice-nest.ts";

// Slices that lie side by side along the innermost axis: the lanes of a vector belong to
// neighbouring slices.

/** What is kept of slices lies side by side for so many at most. */
export const KEPT_COLUMNS = 2 * LANES;

/** Neighbouring slices, and what is done with them. */
interface Columns {
	readonly slices: SliceNest;
	readonly blocks: readonly FourElements[];
	/** Where the slices begin. */
	readonly pointers: readonly Local<"i32">[];
	/** The results so far, for each block. */
	readonly results: VectorValue[][];
}

/** Writes the code for all slices of a range. */
export function alongColumns(code: Code, slices: SliceNest, range: Range): void {
	const { kept, operands, sizes, loop } = slices;
	const outer = kept.slice(0, -1);
	const starts = operands.map(({ start }) => start);
	const outerSizes = outer.map((axis) => sizes[axis]!);
	const [outerRange, part] = outer.length === 0 ? [null, range] : [range, sizes.at(-1)!];
	// Several blocks read a line of the cache together; more than one pass has too much to keep for
	// that.
	const abreast = loop.passes.length > 1 ? KEPT_COLUMNS / LANES : 4;
	nest(code, outerSizes, walking(slices, outer, starts), outerRange, (pointers) => {
		const body = (blocks: readonly FourElements[]) => {
			const columns = { slices, blocks, pointers, results: blocks.map((): VectorValue[] => []) };
			for (const pass of loop.passes) {
				const tests: VectorValue[] = [];
				if (pass.unless !== undefined) {
					const nothing = blocks.map(() => ({ inputs: [] }));
					evaluateAll(code, columns, nothing, (value) => tests.push(value(pass.unless!)));
				}
				whereNeeded(code, tests, () => {
					if (pass.kind === "keep") {
						storeElements(code, columns, [{ operand: keptOperand(loop), value: pass.of }]);
					} else if (pass.kind === "reduce") {
						const made = reducePass(code, columns, pass.reductions);
						for (const [b, values] of made.entries()) columns.results[b]!.push(...values);
					} else {
						evaluateAll(code, columns, leavesAt(code, columns, pointers, [pass.of]), (value, b) =>
							columns.results[b]!.push(value(pass.of)),
						);
					}
				});
			}
			storeResults(code, columns);
		};
		forEachBlock(code, part, abreast, body, true);
	});
}

/** What each block holds at these addresses of what expressions read. */
function leavesAt(
	code: Code,
	{ slices, blocks }: Pick<Columns, "slices" | "blocks">,
	at: readonly Local<"i32">[],
	expressions: readonly Expression[],
	position?: () => VectorValue,
): Leaves[] {
	const rows = rowsAt(slices, at);
	const read = inputsIn(expressions);
	const load = (k: number, b: number) => {
		const { dtype, start } = rows[k]!;
		if (k === keptOperand(slices.loop))
			return loadFour(code, dtype, start, b * LANES * BYTES[dtype]);
		return blocks[b]!.load(rows[k]!);
	};
	return blocks.map((_, b) => ({
		inputs: rows.map((_, k) => (read.has(k) ? load(k, b) : null)),
		position,
	}));
}

/** Calls `use` for each block with what evaluates expressions of its leaves and results. */
function evaluateAll(
	code: Code,
	{ slices, results }: Columns,
	leaves: readonly Leaves[],
	use: (value: ReturnType<typeof expressionWriter>, b: number) => void,
): void {
	for (const [b, known] of leaves.entries()) {
		use(expressionWriter(code, { ...known, results: results[b]! }, slices.scalars), b);
	}
}

/**
 * Calls `visit` for each element along the slices, and `end` after each run of them that is summed
 * by itself.
 */
function forEachElement(
	code: Code,
	{ slices, pointers }: Columns,
	visit: (at: readonly Local<"i32">[], position: () => VectorValue, isLast: boolean) => void,
	end: () => void,
	inPairs = false,
): void {
	const { reduced, sizes } = slices;
	const outer = reduced.slice(0, -1);
	const last = reduced.slice(-1);
	const before = code.let(i32.const(0));
	const position = () => madeOf(code, "int32", [i32x4.splat(before)]);
	const outerSizes = outer.map((axis) => sizes[axis]!);
	const size = last.length === 0 ? 1 : sizes[last[0]!]!;
	nest(code, outerSizes, walking(slices, outer, pointers), null, (row) => {
		forEachPart(code, size, (part) => {
			const range = typeof part === "number" ? null : part;
			const sizes = last.length === 0 ? [] : [size];
			const body = (at: readonly Local<"i32">[], isLast: boolean) => {
				visit(at, position, isLast);
				code.set(before, i32.add(before, 1));
			};
			nest(code, sizes, walking(slices, last, row), range, body, inPairs);
			end();
		});
	});
}

/** The results of reductions, for each block. */
function reducePass(
	code: Code,
	columns: Columns,
	reductions: readonly RunningReduction[],
): VectorValue[][] {
	const inRuns = needsRuns(columns.slices);
	const running = reductions.map(({ by, dtype }) =>
		startRunning(code, by, dtype, inRuns && compensates(by, dtype), columns.blocks.length),
	);
	const visit = (at: readonly Local<"i32">[], position: () => VectorValue, isLast: boolean) => {
		const expressions = reductions.map(({ of }) => of);
		evaluateAll(code, columns, leavesAt(code, columns, at, expressions, position), (value, b) => {
			for (const [j, { of }] of reductions.entries()) {
				takeIn(code, running[j]![b]!, value(of), null);
			}
		});
		if (isLast) for (const one of running.flat()) lookAfter(code, one);
	};
	const end = () => {
		for (const one of running.flat()) endRun(code, one);
	};
	forEachElement(code, columns, visit, end, running.flat().some(isWatched));
	return columns.blocks.map((block, b) =>
		reductions.map((reduction, j) =>
			laneByLane(code, running[j]![b]!, (scaled) => {
				// Of blocks side by side, each is tried once more by itself.
				const by = columns.blocks.length === 1 ? scaled : reduction.by;
				const alone = { ...columns, blocks: [block], results: [columns.results[b]!] };
				return reducePass(code, alone, [{ ...reduction, by }])[0]![0]!;
			}),
		),
	);
}

/** Stores a value for each slice in each output that has one, and then those of the elements. */
function storeResults(code: Code, columns: Columns): void {
	const { slices, blocks, pointers } = columns;
	const nothing = blocks.map(() => ({ inputs: [] }));
	store(code, columns, pointers, nothing, storesOf(slices.loop, false));
	const ofElements = storesOf(slices.loop, true);
	if (ofElements.length > 0) storeElements(code, columns, ofElements);
}

/** Stores values of each element. */
function storeElements(code: Code, columns: Columns, stores: Stores): void {
	const expressions = stores.map(({ value }) => value);
	const visit = (at: readonly Local<"i32">[], position: () => VectorValue) =>
		store(code, columns, at, leavesAt(code, columns, at, expressions, position), stores);
	forEachElement(code, columns, visit, () => {});
}

function store(
	code: Code,
	columns: Columns,
	at: readonly Local<"i32">[],
	leaves: readonly Leaves[],
	stores: Stores,
): void {
	const rows = rowsAt(columns.slices, at);
	evaluateAll(code, columns, leaves, (value, b) => {
		for (const { operand, value: of } of stores) {
			const { dtype, start } = rows[operand]!;
			if (operand === keptOperand(columns.slices.loop)) {
				storeFour(code, dtype, start, value(of), b * LANES * BYTES[dtype]);
			} else columns.blocks[b]!.store(rows[operand]!, value(of));
		}
	});
}
