import type { Tensor } from "../core/tensor.ts";
import { concat } from "../ops/joining.ts";
import { flip, slice } from "../ops/slicing.ts";
import { reshape } from "../structure/layout.ts";
import { recordBodies } from "./body.ts";
import { applyLoop } from "./loop.ts";
import type { Recurrence } from "./model.ts";

/**
 * A loop over segments of so many steps, which keeps the carry between them and runs each again for
 * its gradient.
 */
export function inSegments(loop: Recurrence, checkpoint: number | "sqrt"): Tensor[] {
	const { carry, length, reverse } = loop;
	if (reverse) {
		const turned = inSegments({ ...loop, xs: loop.xs.map(turn), reverse: false }, checkpoint);
		return turned.map((x, i) => (i < carry.length ? x : turn(x)));
	}
	const steps = checkpoint === "sqrt" ? Math.max(1, Math.round(Math.sqrt(length))) : checkpoint;
	const segments = Math.floor(length / steps);
	const [whole, rest] = [segments * steps, length - segments * steps];
	if (segments === 0) return applyLoop({ ...loop, again: true });
	const first = segmented(loop, segments, steps);
	if (rest === 0) return first;
	const last = applyLoop({
		...loop,
		carry: first.slice(0, carry.length),
		xs: loop.xs.map((x) => slice(x, [whole, length])),
		length: rest,
		again: true,
	});
	return last.map((x, i) => (i < carry.length ? x : concat([first[i]!, x])));
}

/** The segments that are whole. */
function segmented(loop: Recurrence, segments: number, steps: number): Tensor[] {
	const { closed, carry } = loop;
	const xs = loop.xs.map((x) =>
		reshape(slice(x, [0, segments * steps]), [segments, steps, ...x.shape.slice(1)]),
	);
	const types = xs.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }));
	const [m, n] = [closed.length, closed.length + carry.length];
	const { programs } = recordBodies(
		"scan",
		[...closed, ...carry, ...types],
		[
			(inputs) => {
				const own = { closed: inputs.slice(0, m), carry: inputs.slice(m, n), xs: inputs.slice(n) };
				return applyLoop({ ...loop, ...own, length: steps, again: true });
			},
		],
	);
	const made = applyLoop({ ...loop, body: programs[0]!, xs, length: segments });
	return made.map((x, i) =>
		i < carry.length ? x : reshape(x, [segments * steps, ...x.shape.slice(2)]),
	);
}

function turn(x: Tensor): Tensor {
	return flip(x, 0);
}
