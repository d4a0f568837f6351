import type { Local } from "../../../asm/function.ts";
import { i32 } from "../../../asm/scalar.ts";
import { f32x4, f64x2 } from "../../../asm/simd.ts";
import { type Expression, inputsIn, subexpressions } from "../../../schedule/expression.ts";
import { loadSplat, type Row, scatter } from "../elementwise/access.ts";
import { type FourElements, forEachBlock } from "../elementwise/blocks.ts";
import { expressionWriter, type Leaves } from "../elementwise/expression.ts";
import { nest, type Range } from "../elementwise/nest.ts";
import { storeBlocks } from "../elementwise/store-blocks.ts";
import type { VectorValue } from "../elementwise/value.ts";
import type { Code } from "../math/floats.ts";
import { keptOperand } from "./keep.ts";
import {
	acrossLanes,
	compensates,
	endRun,
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

// Slices whose elements lie along the innermost axis: the lanes of a vector are neighbours in the
// slice.

/**
 * Blocks of four that are reduced side by side, so that an addition need not wait for the one
 * before it.
 */
const ABREAST = 4;

/** Writes the code for all slices of a range. */
export function alongRows(code: Code, slices: SliceNest, range: Range): void {
	const { kept, operands, loop, sizes } = slices;
	const starts = operands.map(({ start }) => start);
	const keptSizes = kept.map((axis) => sizes[axis]!);
	const within = kept.length === 0 ? null : range;
	nest(code, keptSizes, walking(slices, kept, starts), within, (pointers) => {
		const results: VectorValue[] = [];
		for (const pass of loop.passes) {
			const test =
				pass.unless && expressionWriter(code, { inputs: [], results }, slices.scalars)(pass.unless);
			whereNeeded(code, test === undefined ? [] : [test], () => {
				if (pass.kind === "reduce") {
					results.push(...reducePass(code, slices, pointers, pass.reductions, results));
					return;
				}
				if (pass.kind === "keep") {
					const stores = [{ operand: keptOperand(loop), value: pass.of }];
					storeElements(code, slices, pointers, results, stores);
					return;
				}
				const rows = rowsAt(slices, pointers);
				const read = inputsIn([pass.of]);
				const inputs = rows.map((row, k) => (read.has(k) ? loadSplat(code, row) : null));
				results.push(expressionWriter(code, { inputs, results }, slices.scalars)(pass.of));
			});
		}
		storePerSlice(code, slices, pointers, results);
		const stores = storesOf(loop, true);
		if (stores.length > 0) storeElements(code, slices, pointers, results, stores);
	});
}

/**
 * Calls `visit` for each row of a slice; `leaves` gives what a block of it holds of what
 * expressions read, and where it lies in the slice.
 */
function forEachRow(
	code: Code,
	slices: SliceNest,
	pointers: readonly Local<"i32">[],
	expressions: readonly Expression[],
	visit: (leaves: (block: FourElements) => Leaves, rows: readonly Row[]) => void,
): void {
	const { reduced, sizes } = slices;
	const outer = reduced.slice(0, -1);
	const outerSizes = outer.map((axis) => sizes[axis]!);
	const before = code.let(i32.const(0));
	const read = inputsIn(expressions);
	nest(code, outerSizes, walking(slices, outer, pointers), null, (at) => {
		const rows = rowsAt(slices, at);
		// What is the same along the whole row is loaded before it.
		const spread = rows.map((row, k) =>
			row.stride === 0 && read.has(k) ? loadSplat(code, row) : null,
		);
		const leaves = (block: FourElements): Leaves => ({
			inputs: rows.map((row, k) => spread[k] ?? (read.has(k) ? block.load(row) : null)),
			position: () => block.position(before),
		});
		visit(leaves, rows);
		code.set(before, i32.add(before, sizes.at(-1)!));
	});
}

function reducePass(
	code: Code,
	slices: SliceNest,
	pointers: readonly Local<"i32">[],
	reductions: readonly RunningReduction[],
	results: readonly VectorValue[],
): VectorValue[] {
	const inRuns = needsRuns(slices);
	const running = reductions.map(({ by, dtype }) => {
		// A product is looked after once for every two factors.
		const abreast = by === "factors" ? ABREAST / 2 : ABREAST;
		return startRunning(code, by, dtype, inRuns && compensates(by, dtype), abreast);
	});
	const expressions = reductions.map(({ of }) => of);
	forEachRow(code, slices, pointers, expressions, (leaves) => {
		forEachPart(code, slices.sizes.at(-1)!, (part) => {
			forEachBlock(code, part, ABREAST, (blocks) => {
				for (const [b, block] of blocks.entries()) {
					const value = expressionWriter(code, { ...leaves(block), results }, slices.scalars);
					const inside = block.inside();
					for (const [j, { of }] of reductions.entries()) {
						takeIn(code, running[j]![b % running[j]!.length]!, value(of), inside);
					}
				}
				for (const one of running.flat()) lookAfter(code, one);
			});
			for (const one of running.flat()) endRun(code, one);
		});
	});
	return running.map((ones, j) =>
		acrossLanes(code, ones, (by) => {
			const again = [{ ...reductions[j]!, by }];
			return reducePass(code, slices, pointers, again, results)[0]!;
		}),
	);
}

function storePerSlice(
	code: Code,
	slices: SliceNest,
	pointers: readonly Local<"i32">[],
	results: readonly VectorValue[],
): void {
	const value = expressionWriter(code, { inputs: [], results }, slices.scalars);
	const rows = rowsAt(slices, pointers);
	for (const { operand, value: of } of storesOf(slices.loop, false)) {
		const { dtype, start } = rows[operand]!;
		scatter(code, dtype, [{ at: start, offset: 0 }], value(of));
	}
}

/** Stores values of each element. */
function storeElements(
	code: Code,
	slices: SliceNest,
	pointers: readonly Local<"i32">[],
	results: readonly VectorValue[],
	stores: Stores,
): void {
	const expressions = stores.map(({ value }) => value);
	// What is the same for the whole slice is computed before.
	const once = expressionWriter(code, { inputs: [], results }, slices.scalars);
	const same = subexpressions(expressions).filter(isOfSlice);
	const known = new Map(same.map((part) => [part, spread(code, once(part))]));
	const compute = (given: Leaves) =>
		expressions.map(expressionWriter(code, { ...given, results, known }, slices.scalars));
	forEachRow(code, slices, pointers, expressions, (leaves, rows) => {
		const to = stores.map(({ operand }) => rows[operand]!);
		forEachBlock(code, slices.sizes.at(-1)!, 2, (blocks) =>
			storeBlocks(code, blocks, to, leaves, compute),
		);
	});
}

/** Whether an expression is made of the results of a slice, and of nothing else but constants. */
function isOfSlice(expression: Expression): boolean {
	const leaves = subexpressions([expression]).filter(
		({ kind }) => kind !== "formula" && kind !== "cast" && kind !== "constant",
	);
	return leaves.length > 0 && leaves.every(({ kind }) => kind === "result");
}

/** The first lane in all lanes, by the one instruction that engines take for such a vector. */
function spread(code: Code, { kind, parts }: VectorValue): VectorValue {
	if (kind !== "float32" && kind !== "float64") return { kind, parts };
	const x = parts[0]!;
	const all =
		kind === "float32" ? f32x4.splat(f32x4.extract(x, 0)) : f64x2.splat(f64x2.extract(x, 0));
	const local = code.let(all);
	return { kind, parts: parts.map(() => local) };
}
