// Training steps by ONNX Runtime's native code, of the models that `toOnnx` writes, on so many
// threads, and so many of them in a call.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { scan, type Tensor } from "adjoint";
import { type OnnxRuntime, onnxStep } from "adjoint/export/onnx";
import { written } from "./models.ts";

const path = join(
	import.meta.dirname,
	"../../export/native/node_modules/onnxruntime-node/dist/index.js",
);
if (!existsSync(path)) throw new Error("`npm run export:onnx` installs ONNX Runtime");
const found = await import(pathToFileURL(path).href);
const runtime: OnnxRuntime = found.default ?? found;
const [, , , threads, steps, ...words] = process.argv;
/** Of runs so many are done at once. */
export const runsInACall = Number(steps);
const session = { intraOpNumThreads: Number(threads), interOpNumThreads: 1 };

const chosen = Object.entries(written).filter(
	([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);

/** A function for each case, which runs it once. */
export const cases = Object.fromEntries(
	chosen.map(([name, make]) => {
		let made: Promise<() => Promise<number>> | undefined;
		const run = async () => {
			made ??= training(make);
			return (await made)();
		};
		return [name, run] as const;
	}),
);

/** A step that is fed its own results; where a call takes several, the others are only read. */
async function training(make: (typeof written)[string]): Promise<() => Promise<number>> {
	const { params, inputs, step: one } = make();
	const step = (now: Params, given: Params): [Params, Tensor] => {
		const { value, params } = one(now, given);
		return [params, value];
	};
	const several = (now: Params, given: Params) =>
		scan((params: Params) => step(params, given), now, null, { length: runsInACall });
	let now = params;
	const f = steps === "1" ? step : several;
	const options = { runtime, session, regroup: true };
	const call = await onnxStep(f, { params: now, inputs }, options);
	let losses: number[] = [];
	return async () => {
		if (losses.length === 0) {
			const [params, values] = await call(now, inputs);
			now = params;
			losses = [...values.data].map(Number);
		}
		return losses.shift()!;
	};
}

type Params = readonly Tensor[];
