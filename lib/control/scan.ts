import * as kind from "../core/argument-kinds.ts";
import { arange, full } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { isDerived, labelled } from "../core/labelled.ts";
import type { TensorType } from "../core/op.ts";
import {
	checkArgument,
	checkFunction,
	checkOptions,
	describe,
	type OptionKinds,
} from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import { tracing } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flattened, flatten } from "../core/tree.ts";
import { stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { recordBodies } from "./body.ts";
import { carryLike, sameTypes } from "./carry.ts";
import { applyLoop } from "./loop.ts";
import { inSegments } from "./segments.ts";

/** Options of `scan`. */
export interface LoopOptions extends CheckpointOptions {
	/** How many steps to take; `xs` says it too, where there is one. */
	readonly length?: number;
	/** Whether to begin with the last entry of `xs`; results keep the places of their entries. */
	readonly reverse?: boolean;
}

/** How the gradient of a loop comes by what it needs of each step. */
export interface CheckpointOptions {
	/**
	 * Keeps the carry only at every so many steps, and computes the steps between again where their
	 * gradient is needed: less memory for one more run. `"sqrt"` takes the root of the number of
	 * steps. The step is then recorded, outside of `compile` too, so it may not ask for values. Left
	 * out: each step keeps what its gradient needs. A derivation writes one loop all the same: the
	 * mathematics are the same.
	 */
	readonly checkpoint?: number | "sqrt";
}

/** What the option `checkpoint` may be. */
export const CHECKPOINT: kind.ArgumentKind = {
	expected: 'a whole number from 1, or "sqrt"',
	holds: (x) => x === "sqrt" || kind.count.holds(x),
};

const SCAN_OPTIONS: OptionKinds<LoopOptions> = {
	length: kind.whole,
	reverse: kind.flag,
	checkpoint: CHECKPOINT,
};

/** A step of `scan`: from the carry, an entry of `xs` and its place to a carry and a result. */
export type ScanStep<C, X, Y> = (carry: C, x: X, t: Tensor) => readonly [carry: C, y: Y];

/**
 * Takes a step for each entry of `xs` along its first axis, and hands a carry on from one to the
 * next: `[carry, y] = step(carry, x, t)`, with the place `t` as an int32 scalar. Carry, entries and
 * results are nested as you like; null for `xs` takes `length` steps, and a step without a result
 * gives null for it. The carry keeps its structure, shapes and dtypes.
 *
 * Where nothing is recorded this is a plain loop, and a step may look at values. Where a function
 * is recorded, as in `compile`, the step is recorded once and the loop is one op of the program,
 * whatever the length. Its derivatives, forward and backward and of any order, are loops too.
 *
 * @returns the last carry, and the results side by side along a new first axis
 * @throws ShapeError where lengths differ, or the carry does not keep a shape or dtype
 * @throws GradientError where the carry or the results do not keep their structure
 * @throws TraceError where the step is recorded and asks for a value
 */
export function scan<C, X, Y>(
	step: ScanStep<C, X, Y>,
	carry: C,
	xs: X,
	options: LoopOptions = {},
): [carry: C, ys: Y] {
	return scanAs("scan", step, carry, xs, options);
}

/** The same for the function of this name. */
export function scanAs<C, X, Y>(
	name: string,
	step: ScanStep<C, X, Y>,
	carry: C,
	xs: X,
	options: LoopOptions,
): [carry: C, ys: Y] {
	checkFunction(name, step);
	const { reverse = false, checkpoint } = checkOptions(name, options, SCAN_OPTIONS);
	const start = flatten(name, carry, "carry");
	const read = flatten(name, xs, "xs");
	const length = lengthOf(read, options.length);
	const isPlain = tracing.depth === 0 && checkpoint === undefined && length > 0;
	return isPlain
		? plainly(name, step, start, read, length, reverse)
		: recorded(name, step, start, read, { length, reverse, checkpoint });
}

/** As a loop of JavaScript. */
function plainly<C, X, Y>(
	name: string,
	step: ScanStep<C, X, Y>,
	start: Flattened<C>,
	read: Flattened<X>,
	length: number,
	reverse: boolean,
): [C, Y] {
	let carry = start.leaves;
	let like: Flattened<Y> | null = null;
	const results = new Array<readonly Tensor[]>(length);
	for (let i = 0; i < length; i++) {
		const t = reverse ? length - 1 - i : i;
		const x = read.rebuild(read.leaves.map((leaf) => slice(leaf, t)));
		const [next, y] = resultOf(step(start.rebuild(carry), x, full([], t, { dtype: "int32" })));
		carry = carryLike(name, next, start);
		like ??= flatten(name, y, "y");
		results[t] = sameTypes(name, "y", y, like, "in all steps");
	}
	const ys = like!.leaves.map((_, i) => stack(results.map((leaves) => leaves[i]!)));
	return [start.rebuild(carry), like!.rebuild(ys)];
}

/** As one op around the recorded step. */
function recorded<C, X, Y>(
	name: string,
	step: ScanStep<C, X, Y>,
	start: Flattened<C>,
	read: Flattened<X>,
	options: { length: number; reverse: boolean; checkpoint: LoopOptions["checkpoint"] },
): [C, Y] {
	const carried = start.leaves.length;
	const { length, reverse, checkpoint } = options;
	const entries = read.leaves.map(
		({ shape, dtype }): TensorType => ({ shape: shape.slice(1), dtype }),
	);
	let y!: Flattened<Y>;
	const { programs, closed } = recordBodies(
		name,
		[...start.leaves, ...entries, { shape: [], dtype: "int32" }],
		[
			(inputs) => {
				for (const [i, path] of start.paths.entries()) {
					const key = path.split(/[.[\]]+/).findLast((part) => part !== "");
					if (key !== undefined && !/^\d/.test(key)) labelled(inputs[i]!, key);
				}
				const x = read.rebuild(inputs.slice(carried, -1));
				const result = step(start.rebuild(inputs.slice(0, carried)), x, inputs.at(-1)!);
				const [next, made] = resultOf(result);
				y = flatten(name, made, "y");
				return [...carryLike(name, next, start), ...y.leaves];
			},
		],
	);
	const places = arange(0, length, 1, { dtype: "int32" });
	const loop = {
		body: programs[0]!,
		...{ closed, carry: start.leaves, xs: [...read.leaves, places], length },
		...{ reverse, again: false },
	};
	const isWhole = checkpoint === undefined || isDerived();
	const made = isWhole ? applyLoop(loop) : inSegments(loop, checkpoint);
	return [start.rebuild(made.slice(0, carried)), y.rebuild(made.slice(carried))];
}

/** What a step gives: a pair, of which the result may be left out. */
function resultOf<C, Y>(result: readonly [C, Y]): [C, Y] {
	if (Array.isArray(result) && result.length <= 2) return [result[0], result[1] ?? (null as Y)];
	throw new ShapeError(
		`scan: expected the step to return [carry, y], got ${describe(result)}; where a step has no result, [carry, null]`,
	);
}

/** @throws ShapeError where nothing says it, or it is said in different ways */
function lengthOf({ leaves, paths }: Flattened<unknown>, given: number | undefined): number {
	if (leaves.length === 0 && given === undefined) {
		checkArgument("scan", "length, since there are no xs,", given, kind.whole);
	}
	const length = given ?? leaves[0]!.shape[0];
	for (const [i, { shape }] of leaves.entries()) {
		if (shape.length > 0 && shape[0] === length) continue;
		const says = given === undefined ? `that of xs${paths[0]}` : "length";
		const wanted = length === undefined ? "" : ` of ${length}, as ${says} says`;
		throw new ShapeError(
			`scan: expected xs${paths[i]} to have a first axis${wanted}, got ${showShape(shape)}`,
		);
	}
	return length!;
}
