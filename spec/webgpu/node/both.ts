// Runs the first steps of an example on the device, too, and compares them at the end. It stands in
// for `adjoint/compile` and `adjoint`: what an example compiles, and the gradients that it takes of
// what it does not, run in WebAssembly and on the device beside what the example itself does. What
// goes in and comes out there is float32; float64 on the way is so on the device.
import { compile as compiled } from "../../../lib/compile/index.ts";
import { tensorsOf } from "../../../lib/compile/signature.ts";
import * as adjoint from "../../../lib/index.ts";
import { backend } from "../backend.ts";
import { nearSingle } from "../near-single.ts";

export * from "../../../lib/index.ts";

/** So many calls of the whole example are compared; then it is over. */
const CALLS = 3;

/** What ends an example early. */
class Enough extends Error {}

type Call = (...args: never[]) => unknown;
type Tensor = adjoint.Tensor;

const gpu = await backend();
const pairs: (readonly [there: readonly Tensor[], here: readonly Tensor[]])[] = [];
let isInside = false;

const cast = <T>(tree: T, from: adjoint.DType, to: adjoint.DType): T =>
	adjoint.mapTree((x: Tensor) => (x.dtype === from ? x.astype(to) : x), tree) as T;
const single = <T>(tree: T): T => cast(tree, "float64", "float32");

/** A step of an example, of which the first calls run on the device, too. */
function both<F extends Call>(step: F): F {
	const ofSingles = (...args: Parameters<F>) => single(step(...args));
	// What a step closes over is of the dtype of its arguments.
	const ofDoubles = (...args: Parameters<F>) => ofSingles(...cast(args, "float32", "float64"));
	const ways = (f: F | typeof ofSingles) => [compiled(f), compiled(f, { backend: gpu })] as const;
	const [singles, doubles] = [ways(ofSingles), ways(ofDoubles)];
	const run = (...args: Parameters<F>) => {
		if (isInside) return step(...args);
		if (pairs.length === CALLS) {
			void compareAll();
			throw new Enough();
		}
		isInside = true;
		try {
			const isDouble = tensorsOf(args).some(({ dtype }) => dtype === "float64");
			const [here, there] = isDouble ? doubles : singles;
			const given = single(args);
			pairs.push([tensorsOf(there(...given)), tensorsOf(here(...given))]);
			return step(...args);
		} finally {
			isInside = false;
		}
	};
	return run as F;
}

/** As `compile`, without its options. */
export const compile = <F extends Call>(f: F): F => both(f);
export const grad = ((f: never) => both(adjoint.grad(f))) as typeof adjoint.grad;
export const hessian = ((f: never) => both(adjoint.hessian(f))) as typeof adjoint.hessian;
export const valueAndGrad = ((f: never) =>
	both(adjoint.valueAndGrad(f))) as typeof adjoint.valueAndGrad;

/** Compares all, says how many tensors there were, and ends the process. */
async function compareAll(): Promise<void> {
	try {
		let count = 0;
		for (const [there, here] of pairs) {
			await gpu.read(there);
			for (const [i, x] of here.entries()) {
				// Adam goes as far along a gradient that is 0 but for rounding, as that of the bias of keys
				// in attention, as along any other: what lies about 0 may be far off for its size. The
				// loss does not see it.
				const [bound, least] = x.size === 1 ? [1e-5, 0] : [2e-3, 0.25];
				nearSingle(there[i]!, x, `result ${i}`, bound, least);
				count++;
			}
		}
		console.log(`compared ${count}`);
		process.exit(0);
	} catch (error) {
		console.log(String(error));
		process.exit(1);
	}
}

process.on("uncaughtException", (error) => {
	if (error instanceof Enough) return;
	console.log(String(error));
	process.exit(1);
});
