import { toOnnx } from "../../lib/export/onnx/index.ts";
import { stack, type Tensor } from "../../lib/index.ts";
import { sentNumbers } from "../peers-python.ts";
import { askOnnx, wrongIn } from "./run-onnx.ts";
import { batchOf, step, weights } from "./two-layer-net.ts";

const STEPS = 500;
const dynamicAxes = { "batch.x": ["batch"], "batch.y": ["batch"] };

/** The step with sizes and dtype, and how far losses and weights may be off at the end. */
const runs = [
	{ dtype: "float64", samples: 64, tolerance: 1e-10 },
	{ dtype: "float64", samples: 7, tolerance: 1e-10 },
	{ dtype: "float32", samples: 64, tolerance: 2e-3 },
] as const;

/**
 * What is wrong with 500 steps of the two-layer net in ONNX Runtime, of a model written for another
 * batch: a line each.
 */
export function faultsInTraining(): string[] {
	return runs.flatMap(({ dtype, samples, tolerance }) => {
		let params = weights(dtype);
		const model = toOnnx(step, { params, batch: batchOf(64, dtype) }, { dynamicAxes });
		const batch = batchOf(samples, dtype);
		const args = [params.w1, params.w2, batch.x, batch.y];
		const losses: Tensor[] = [];
		for (let i = 0; i < STEPS; i++) {
			const [next, value] = step(params, batch);
			params = next;
			losses.push(value);
		}
		const expected = [params.w1, params.w2, stack(losses)].map(sentNumbers);
		const [outcome] = askOnnx([{ model, args, steps: STEPS, handed: 2 }]);
		const why = wrongIn(outcome!, expected, tolerance);
		return why === undefined ? [] : [`${samples} samples in ${dtype}: ${why}`];
	});
}
