import { applyCall } from "../autodiff/call.ts";
import { orZeros } from "../autodiff/run.ts";
import { jvp, vjp } from "../autodiff/transforms.ts";
import { scan } from "../control/index.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, mul, neg, sub } from "../ops/arithmetic.ts";
import { concat, stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims } from "../structure/layout.ts";
import { along } from "./along.ts";
import type { OdeFunction, Stretch, Vector } from "./model.ts";

/**
 * The solution at these times, whose derivative is that of the equation and not of the steps: in
 * forward mode the tangent obeys d(dy)/dt = ∂f/∂y·dy + ∂f/∂p·dp. In reverse mode the cotangent a
 * runs back, da/dt = −(∂f/∂y)ᵀ·a, and that of the parameters is ∫ (∂f/∂p)ᵀ·a dt (Pontryagin, 1962;
 * Chen et al., "Neural ordinary differential equations", 2018). On its way back y begins anew at
 * each of the times, from what was found there. Where a time moves by dt, so does y there, by
 * f·dt; and to start later by dt is to start from y₀ − f·dt.
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
			differentiated: "y0, times or params",
			byHand: true,
			sample: ([t, ...x]) => f(x.slice(0, n), slice(t!, 0), x.slice(n)),
			f: ([t, ...x]) => along(f, x.slice(0, n), t!, x.slice(n), stretch),
			push:
				([t, ...x], ys) =>
				([dt, ...dx]) =>
					forward(f, x, ys, t!, dx, dt!, n, stretch),
			pull: ([t, ...x], ys, g) => backward(f, x, ys, t!, g, n, stretch),
		},
		[times, ...y0, ...params],
	);
}

function forward(
	f: OdeFunction,
	x: Vector,
	ys: Vector,
	times: Tensor,
	dx: Vector,
	dt: Tensor,
	n: number,
	stretch: Stretch,
): Vector {
	const m = x.length - n;
	const [params, last] = [x.slice(n), times.shape[0]! - 1];
	const both: OdeFunction = (state, t, p) => {
		const [y, dy] = [state.slice(0, n), state.slice(n)];
		const [now, ahead] = jvp(
			(at: Vector) => f(at.slice(0, n), t, at.slice(n)),
			[...y, ...p.slice(0, m)],
			[...dy, ...p.slice(m)],
		);
		return [...now, ...ahead];
	};
	const moves = (y: Vector, t: Tensor, dt: Tensor) => f(y, t, params).map((k) => mul(k, dt));
	const early = moves(x.slice(0, n), slice(times, 0), slice(dt, 0));
	const dy = early.map((move, i) => sub(dx[i]!, move));
	const start = [...x.slice(0, n), ...dy];
	const ahead = byAdjoint(both, start, times, [...params, ...dx.slice(n)], stretch).slice(n);
	const later = (leaf: Tensor) => slice(leaf, [1, last + 1]);
	const [, moved] = scan<null, { y: Vector; t: Tensor; dt: Tensor }, Vector>(
		(_, { y, t, dt }) => [null, moves(y, t, dt)],
		null,
		{ y: ys.map(later), t: later(times), dt: later(dt) },
	);
	return ahead.map((leaf, i) => concat([expandDims(dx[i]!, 0), add(later(leaf), moved[i]!)]));
}

function backward(
	f: OdeFunction,
	x: Vector,
	ys: Vector,
	times: Tensor,
	g: Vector,
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
	/** What a cotangent of y at a time is for that time. */
	const ofTime = (y: Vector, t: Tensor, g: Vector) =>
		f(y, t, params)
			.map((k, i) => sum(mul(k, g[i]!)))
			.reduce((a, b) => add(a, b));
	const last = times.shape[0]! - 1;
	const rows = (leaves: Vector) => leaves.map((leaf) => slice(leaf, [1, last + 1]));
	const [carry, later] = scan<Vector, { y: Vector; g: Vector; from: Tensor; to: Tensor }, Tensor>(
		(carry, { y, g, from, to }) => {
			const a = g.map((leaf, i) => add(carry[i]!, leaf));
			const start = [...y, ...a, ...carry.slice(n)];
			const pair = stack([from, to]);
			const end = byAdjoint(all, start, pair, params, stretch).map((leaf) => slice(leaf, 1));
			return [end.slice(n), ofTime(y, from, g)];
		},
		orZeros([], x),
		{ y: rows(ys), g: rows(g), from: slice(times, [1, last + 1]), to: slice(times, [0, last]) },
		{ reverse: true },
	);
	const first = sub(0, ofTime(x.slice(0, n), slice(times, 0), carry));
	return [
		concat([expandDims(first, 0), later]),
		...carry.map((leaf, i) => (i < n ? add(leaf, slice(g[i]!, 0)) : leaf)),
	];
}
