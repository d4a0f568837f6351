import { toOnnx } from "../../lib/export/onnx/index.ts";
import { mapTree, random, stack, type Tensor, valueAndGrad } from "../../lib/index.ts";
import { sentNumbers } from "../peers-python.ts";
import { askOnnx, wrongIn } from "./run-onnx.ts";

type Weights = { w1: Tensor; w2: Tensor };
type Batch = { x: Tensor; y: Tensor };

const loss = ({ w1, w2 }: Weights, { x, y }: Batch) =>
	x.dot(w1).maximum(0).dot(w2).sub(y).square().sum();

function step(params: Weights, batch: Batch): [Weights, Tensor] {
	const [value, gradient] = valueAndGrad(loss)(params, batch);
	return [mapTree((w: Tensor, g: Tensor) => w.sub(g.mul(1e-6)), params, gradient), value];
}

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
	const [k1, k2, k3, k4] = random.split(random.key(1), 4);
	return runs.flatMap(({ dtype, samples, tolerance }) => {
		const options = { dtype };
		const batchOf = (n: number) => ({
			x: random.normal(k3, [n, 1000], options),
			y: random.normal(k4, [n, 10], options),
		});
		let params = {
			w1: random.normal(k1, [1000, 100], options),
			w2: random.normal(k2, [100, 10], options),
		};
		const model = toOnnx(step, { params, batch: batchOf(64) }, { dynamicAxes });
		const batch = batchOf(samples);
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
