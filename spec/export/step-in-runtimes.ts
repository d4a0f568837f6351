import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type OnnxRuntime, onnxStep } from "../../lib/export/onnx/index.ts";
import { concat, mapTree, scan, stack, type Tensor } from "../../lib/index.ts";
import { sentNumbers } from "../peers-python.ts";
import { wrongIn } from "./run-onnx.ts";
import { type Batch, batchOf, step, type Weights, weights } from "./two-layer-net.ts";

const STEPS = 500;
const TOLERANCE = 1e-10;
/** ONNX Runtime's native code, and its code for browsers, which Node runs too. */
const RUNTIMES = {
	node: "onnxruntime-node/dist/index.js",
	web: "onnxruntime-web/dist/ort.node.min.mjs",
};

/**
 * What is wrong with 500 steps of the two-layer net by `onnxStep`, one and ten in a call, in this
 * runtime: a line each.
 */
export async function faultsInStep(where: keyof typeof RUNTIMES): Promise<string[]> {
	const path = join(import.meta.dirname, "native/node_modules", RUNTIMES[where]);
	const found = await import(pathToFileURL(path).href);
	const runtime: OnnxRuntime = found.default ?? found;
	const [start, batch] = [weights("float64"), batchOf(32, "float64")];
	const expected = { params: start, losses: [] as Tensor[] };
	for (let i = 0; i < STEPS; i++) {
		const [params, loss] = step(expected.params, batch);
		expected.params = params;
		expected.losses.push(loss);
	}
	const ten = (params: Weights, batches: Batch) =>
		scan((now: Weights, one: Batch) => step(now, one), params, batches);
	const faults: string[] = [];
	for (const [f, each] of [
		[step, 1],
		[ten, 10],
	] as const) {
		const stacked = (one: Batch): Batch =>
			each === 1 ? one : mapTree((x: Tensor) => stack(Array<Tensor>(each).fill(x)), one);
		const axes = each === 1 ? ["batch"] : [null, "batch"];
		const args = { params: start, batch: stacked(batchOf(64, "float64")) };
		const options = { runtime, dynamicAxes: { "batch.x": axes, "batch.y": axes } };
		const run = await onnxStep(f, args, options);
		let params = start;
		const losses: Tensor[] = [];
		for (let i = 0; i < STEPS; i += each) {
			const [next, made] = await run(params, stacked(batch));
			params = next;
			losses.push(made.reshape([each]));
		}
		await run.close();
		const wanted = [expected.params.w1, expected.params.w2, stack(expected.losses)].map(
			sentNumbers,
		);
		const value = [params.w1, params.w2, concat(losses)].map(sentNumbers);
		const why = wrongIn({ value }, wanted, TOLERANCE);
		if (why !== undefined) faults.push(`${each} steps in a call: ${why}`);
	}
	return faults;
}
