// Training steps by ONNX Runtime's native code, of the models that `toOnnx` writes, on so many
// threads.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type OnnxRuntime, onnxStep } from "adjoint/export/onnx";
import { stepOf, written } from "./models.ts";

const path = join(
	import.meta.dirname,
	"../../export/native/node_modules/onnxruntime-node/dist/index.js",
);
if (!existsSync(path)) throw new Error("`npm run export:onnx` installs ONNX Runtime");
const found = await import(pathToFileURL(path).href);
const runtime: OnnxRuntime = found.default ?? found;
const session = { intraOpNumThreads: Number(process.argv[3]), interOpNumThreads: 1 };

/** A function for each case, which runs it once. */
export const cases = Object.fromEntries(
	Object.entries(written).map(([name, make]) => {
		let made: Promise<() => Promise<number>> | undefined;
		const run = async () => {
			made ??= training(make);
			return (await made)();
		};
		return [name, run] as const;
	}),
);

/** A training step that is fed its own results. */
async function training(make: (typeof written)[string]): Promise<() => Promise<number>> {
	const [model, rate] = make();
	const { inputs } = model;
	let now = model.params;
	const step = await onnxStep(stepOf(model, rate), { params: now, inputs }, { runtime, session });
	return async () => {
		const { value, params } = await step(now, inputs);
		now = params;
		return value.item() as number;
	};
}
