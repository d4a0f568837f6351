import { random, type Tensor, tensor, valueAndGrad } from "../../lib/index.ts";
import type { Optimizer, OptimizerState } from "../../lib/optim/index.ts";

/** The parameters of the problem on which reference values were computed. */
export interface Params {
	readonly w: Tensor;
	readonly rest: readonly { readonly b: Tensor }[];
}

/** Where it begins. */
export const start: Params = { w: tensor([0.5, -1.25, 2]), rest: [{ b: tensor([[0.75]]) }] };

const curvature = [1, 0.5, -0.25];

/** Σ a·w²/2 + b·Σ w + b³. */
export function loss({ w, rest }: Params): Tensor {
	const a = tensor(curvature, { dtype: w.dtype });
	const b = rest[0]!.b;
	return a.mul(w.square()).sum().mul(0.5).add(w.sum().mul(b).sum()).add(b.power(3).sum());
}

/** Parameters and state after a number of updates. */
export function updated<Slots extends string>(
	optimizer: Optimizer<Slots>,
	updates: number,
	from = start,
): { params: Params; state: OptimizerState<Params, Slots>; losses: number[] } {
	const gradient = valueAndGrad(loss);
	let [params, state] = [from, optimizer.init(from)];
	const losses: number[] = [];
	for (let i = 0; i < updates; i++) {
		const [value, g] = gradient(params);
		losses.push(value.item());
		[params, state] = optimizer.update(g, state, params);
	}
	return { params, state, losses };
}

/** A gradient in the structure of the parameters. */
export function someGradient(seed: number): Params {
	const key = random.key(seed);
	return {
		w: random.normal(key, [3]),
		rest: [{ b: random.normal(random.foldIn(key, 1), [1, 1]) }],
	};
}
