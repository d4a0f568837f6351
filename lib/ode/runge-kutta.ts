import { fori } from "../control/index.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { moved } from "./combine.ts";
import type { OdeFunction, Stretch, Vector } from "./model.ts";

/**
 * So many steps of equal length of the classical Runge–Kutta method of fourth order (Kutta, 1901).
 */
export function rungeKutta(steps: number): Stretch {
	return {
		begin: () => [],
		go: (f, y, handed, from, to, params) => {
			const h = div(sub(to, from), steps);
			const next = (y: Vector, i: Tensor) =>
				step(f, y, add(from, mul(astype(i, from.dtype), h)), h, params);
			return [fori<Vector>(0, steps, next, y), handed];
		},
	};
}

function step(f: OdeFunction, y: Vector, t: Tensor, h: Tensor, params: Vector): Vector {
	const middle = add(t, mul(h, 0.5));
	const k1 = f(y, t, params);
	const k2 = f(moved(y, h, [0.5], [k1]), middle, params);
	const k3 = f(moved(y, h, [0.5], [k2]), middle, params);
	const k4 = f(moved(y, h, [1], [k3]), add(t, h), params);
	return moved(y, h, [1 / 6, 1 / 3, 1 / 3, 1 / 6], [k1, k2, k3, k4]);
}
