import {
	dot,
	mapTree,
	maximum,
	mul,
	square,
	sub,
	sum,
	type Tensor,
	tensor,
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

/** Numbers that look like noise. */
const waves = (rows: number, columns: number, speed: number) =>
	tensor(
		Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(speed * i)),
		{ shape: [rows, columns] },
	);

/** The loss at the first steps, in words. */
export function firstLosses(take: typeof step): string {
	const [x, y] = [waves(8, 6, 1.7), waves(8, 2, 2.3)];
	let weights: Weights = { w1: waves(6, 10, 1.1), w2: waves(10, 2, 1.3) };
	const losses = Array.from({ length: 5 }, () => {
		const [value, next] = take(weights, x, y);
		weights = next;
		return value.item().toFixed(6);
	});
	return losses.join(" ");
}
