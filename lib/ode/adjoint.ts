import { applyCall } from "../autodiff/call.ts";
import { orZeros } from "../autodiff/run.ts";
import { jvp, vjp } from "../autodiff/transforms.ts";
import { scan } from "../control/index.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, neg } from "../ops/arithmetic.ts";
import { stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { along } from "./along.ts";
import type { OdeFunction, Stretch, Vector } from "./model.ts";

/**
 * The solution at these times, whose derivative is that of the equation and not of the steps: in
 * forward mode the tangent obeys d(dy)/dt = ∂f/∂y·dy + ∂f/∂p·dp. In reverse mode the cotangent a
 * runs back, da/dt = −(∂f/∂y)ᵀ·a, and that of the parameters is ∫ (∂f/∂p)ᵀ·a dt (Pontryagin, 1962;
 * Chen et al., "Neural ordinary differential equations", 2018). On its way back y begins anew at
 * each of the times, from what was found there.
 */
export function byAdjoint(
	f: OdeFunction,
	y0: Vector,
	times: Tensor,
	params: Vector,
	stretch: Stretch,
): Vector {
	const n = y0.length;
	return applyCall(
		{
			name: "odeint",
			differentiated: "y0 or params",
			byHand: true,
			f: (x) => along(f, x.slice(0, n), times, x.slice(n), stretch),
			push: (x) => (dx) => {
				const m = x.length - n;
				const both: OdeFunction = (state, t, p) => {
					const [y, dy] = [state.slice(0, n), state.slice(n)];
					const [now, ahead] = jvp(
						(at: Vector) => f(at.slice(0, n), t, at.slice(n)),
						[...y, ...p.slice(0, m)],
						[...dy, ...p.slice(m)],
					);
					return [...now, ...ahead];
				};
				const start = [...x.slice(0, n), ...dx.slice(0, n)];
				const p = [...x.slice(n), ...dx.slice(n)];
				return byAdjoint(both, start, times, p, stretch).slice(n);
			},
			pull: (x, ys, g) => backward(f, x, ys, g, times, n, stretch),
		},
		[...y0, ...params],
	);
}

function backward(
	f: OdeFunction,
	x: Vector,
	ys: Vector,
	g: Vector,
	times: Tensor,
	n: number,
	stretch: Stretch,
): Vector {
	const params = x.slice(n);
	/** The state on the way back: y, its cotangent, and that of the parameters. */
	const all: OdeFunction = (state, t, p) => {
		const [y, a] = [state.slice(0, n), state.slice(n, 2 * n)];
		const [slope, pull] = vjp((at: Vector) => f(at.slice(0, n), t, at.slice(n)), [...y, ...p]);
		return [...slope, ...pull(a).map((leaf) => neg(leaf))];
	};
	const last = times.shape[0]! - 1;
	const rows = (leaves: Vector) => leaves.map((leaf) => slice(leaf, [1, last + 1]));
	const [carry] = scan<Vector, { y: Vector; g: Vector; from: Tensor; to: Tensor }, null>(
		(carry, { y, g, from, to }) => {
			const a = g.map((leaf, i) => add(carry[i]!, leaf));
			const start = [...y, ...a, ...carry.slice(n)];
			const pair = stack([from, to]);
			const end = byAdjoint(all, start, pair, params, stretch).map((leaf) => slice(leaf, 1));
			return [end.slice(n), null];
		},
		orZeros([], x),
		{ y: rows(ys), g: rows(g), from: slice(times, [1, last + 1]), to: slice(times, [0, last]) },
		{ reverse: true },
	);
	return carry.map((leaf, i) => (i < n ? add(leaf, slice(g[i]!, 0)) : leaf));
}
