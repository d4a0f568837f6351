import { anything } from "../core/argument-kinds.ts";
import { ShapeError } from "../core/error.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { moveAxis } from "../structure/layout.ts";
import { type BatchAxes, type PlacedLeaf, type Restore, walk } from "./axes-tree.ts";
import { runBatch } from "./batching.ts";

export type { BatchAxes } from "./axes-tree.ts";

/** Options of `vmap`. */
export interface VmapOptions {
	/**
	 * The axes of the arguments: one for all of them, or an array with an entry for each argument;
	 * left out: 0.
	 */
	readonly in?: number | null | readonly BatchAxes[];
	/** The axes of the results; left out: 0. Null: a result that is the same for all examples. */
	readonly out?: BatchAxes;
}

/**
 * The function of one example as a function of a batch, which runs once for all of them: each op is
 * applied to all examples at a time, as its record says. Arguments and results are tensors in
 * nested plain objects and arrays; what is no tensor is passed on as it is. Inside, a tensor has
 * the shape of one example and no values. It goes with all transforms, inside and outside:
 * `vmap(grad(f), …)` gives the gradient of each example. Random keys are split by the user:
 * examples that are given one key draw the same numbers.
 * @returns a function of the same signature, for arguments with one axis more
 * @throws ShapeError when no argument has a batch, sizes differ, or axes do not fit the arguments
 * @throws TraceError when the function asks for the values of an example
 */
export function vmap<Args extends unknown[], R>(
	f: (...args: Args) => R,
	options: VmapOptions = {},
): (...args: Args) => R {
	checkFunction("vmap", f);
	const given = checkOptions("vmap", options, { in: anything, out: anything });
	const [inAxes, outAxes] = [
		given.in === undefined ? 0 : given.in,
		given.out === undefined ? 0 : given.out,
	];
	return (...args) => {
		if (Array.isArray(inAxes) && inAxes.length !== args.length) {
			throw new ShapeError(
				`vmap: expected an entry of in for each of ${args.length} arguments, got ${inAxes.length}`,
			);
		}
		const found: PlacedLeaf[] = [];
		const rebuild = walk(args, inAxes as BatchAxes, ["args", "in"], found);
		const leaves = found.map(({ x, axis, path }) => (axis === null ? x : inFront(x, axis, path)));
		const batched = found.map(({ axis }) => axis !== null);
		const size = sizeOfBatch(found);
		const outs: PlacedLeaf[] = [];
		let finish!: Restore;
		const results = runBatch(size, leaves, batched, (x) => {
			finish = walk(f(...(rebuild(x) as Args)), outAxes as BatchAxes, ["result", "out"], outs);
			return outs.map(({ x }) => x);
		});
		return finish(
			results.map(({ value, batched }, i) => {
				const { axis, path } = outs[i]!;
				if (axis === null) {
					if (!batched) return value;
					throw new ShapeError(
						`vmap: expected ${path} to be the same for all examples, since out is null there, but it depends on the example`,
					);
				}
				const full = batched ? value : broadcastTo(value, [size, ...value.shape]);
				return axis === 0 ? full : moveAxis(full, 0, checkedAxis(axis, full, path));
			}),
		) as R;
	};
}

function checkedAxis(axis: number, x: Tensor, path: string): number {
	const from = axis < 0 ? axis + x.rank : axis;
	if (from >= 0 && from < x.rank) return from;
	const way = x.rank === 0 ? "; a scalar has none, and null says that it is the same for all" : "";
	throw new ShapeError(
		`vmap: expected an axis of ${path}, of shape ${showShape(x.shape)}, got ${axis}${way}`,
	);
}

function inFront(x: Tensor, axis: number, path: string): Tensor {
	return moveAxis(x, checkedAxis(axis, x, path), 0);
}

/** @throws ShapeError when there are none, or several */
function sizeOfBatch(leaves: readonly PlacedLeaf[]): number {
	const batched = leaves.flatMap(({ x, axis, path }) =>
		axis === null
			? []
			: [{ size: x.shape.at(axis)!, text: `${path} has ${x.shape.at(axis)} along axis ${axis}` }],
	);
	const [first] = batched;
	if (first === undefined) {
		throw new ShapeError(
			"vmap: expected an argument with a batch, got none: in is null for all, or there is no tensor among them",
		);
	}
	const other = batched.find(({ size }) => size !== first.size);
	if (other === undefined) return first.size;
	throw new ShapeError(
		`vmap: expected batches of one size, but ${first.text} and ${other.text}; null in \`in\` says that a tensor is the same for all examples`,
	);
}
