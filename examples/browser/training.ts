import { type Tensor, valueAndGrad } from "adjoint";
import { type Backend, compile } from "adjoint/compile";
import type { Optimizer } from "adjoint/optim";

/** How far training has come. */
export interface Progress {
	readonly step: number;
	readonly loss: number;
}

/** A loss of a model, with parameters to begin with and batches without an end. */
export interface Task<Params, Batch> {
	readonly params: Params;
	readonly loss: (params: Params, batch: Batch) => Tensor;
	readonly batches: Iterable<Batch>;
	readonly optimizer: Optimizer;
}

/**
 * Trains step by step. Every so many steps the loss is read; till then nothing waits for the
 * device, and parameters and the state of the optimizer stay there all the time.
 */
export async function* training<Params, Batch>(
	{ params, loss, batches, optimizer }: Task<Params, Batch>,
	backend: Backend,
	every = 10,
): AsyncGenerator<Progress> {
	const step = compile(
		(params: Params, state: ReturnType<typeof optimizer.init<Params>>, batch: Batch) => {
			const [value, gradient] = valueAndGrad(loss)(params, batch);
			const [next, after] = optimizer.update(gradient, state, params);
			return { loss: value, params: next, state: after };
		},
		{ backend },
	);
	let now = { params, state: optimizer.init(params) };
	let count = 0;
	for (const batch of batches) {
		const { loss, ...next } = step(now.params, now.state, batch);
		now = next;
		if (count++ % every === 0) yield { step: count - 1, loss: (await loss.read())[0]! };
	}
}
