import { scan } from "../control/index.ts";
import type { Tensor } from "../core/tensor.ts";
import { concat } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { expandDims } from "../structure/layout.ts";
import type { OdeFunction, Stretch, Vector } from "./model.ts";

/** The states at all times, of which the first is given, along a new first axis. */
export function along(
	f: OdeFunction,
	y0: Vector,
	times: Tensor,
	params: Vector,
	stretch: Stretch,
): Tensor[] {
	const n = times.shape[0]!;
	if (n === 1) return y0.map((leaf) => expandDims(leaf, 0));
	const handed = stretch.begin(f, y0, slice(times, 0), slice(times, 1), params);
	const [, later] = scan<readonly [Vector, Vector], { from: Tensor; to: Tensor }, Vector>(
		([y, handed], { from, to }) => {
			const next = stretch.go(f, y, handed, from, to, params);
			return [next, next[0]];
		},
		[y0, handed],
		{ from: slice(times, [0, n - 1]), to: slice(times, [1, n]) },
	);
	return y0.map((leaf, i) => concat([expandDims(leaf, 0), later[i]!]));
}
