// Newton's method: the second derivatives tell how far to go, and the last steps double the digits.
//
//   npx tsx examples/03-newton.ts [--quick]

import { grad, hessian, type Tensor, tensor } from "adjoint";

/**
 * Rosenbrock's valley, whose least value, 0, is at (1, 1); gradient descent takes thousands of
 * steps along it.
 */
const valley = (v: Tensor) => {
	const [x, y] = [v.slice(0), v.slice(1)];
	return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
};

let v = tensor([-1.2, 1]);
for (let step = 0; valley(v).item() > 1e-20; step++) {
	console.log(`step ${step}: ${valley(v).item().toExponential(2)} at ${v}`);
	v = v.sub(hessian(valley)(v).solve(grad(valley)(v)));
}
console.log(`${valley(v).item().toExponential(2)} at ${v}`);
