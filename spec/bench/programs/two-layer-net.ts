import {
	dot,
	mapTree,
	maximum,
	mul,
	random,
	square,
	sub,
	sum,
	type Tensor,
	valueAndGrad,
} from "adjoint/functions";

/** The two layers' weights. */
export interface Weights {
	readonly w1: Tensor;
	readonly w2: Tensor;
}

const loss = ({ w1, w2 }: Weights, x: Tensor, y: Tensor): Tensor =>
	sum(square(sub(dot(maximum(dot(x, w1), 0), w2), y)));

/** One step of gradient descent: the loss, and the weights after it. */
export function step(weights: Weights, x: Tensor, y: Tensor): [Tensor, Weights] {
	const [value, gradient] = valueAndGrad(loss)(weights, x, y);
	return [value, mapTree((w, g) => sub(w, mul(1e-3, g)), weights, gradient)];
}

const [x, y, w1, w2] = [
	[64, 100],
	[64, 10],
	[100, 50],
	[50, 10],
].map((shape, i) => random.normal(random.key(i), shape)) as [Tensor, Tensor, Tensor, Tensor];

/** The loss of the first steps. */
export function losses(take = step): number[] {
	let weights: Weights = { w1: mul(0.1, w1), w2: mul(0.1, w2) };
	return Array.from({ length: 5 }, () => {
		const [value, next] = take(weights, x, y);
		weights = next;
		return value.item();
	});
}
