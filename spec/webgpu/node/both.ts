// Stands in for `adjoint/compile` in an example: the first calls of what it compiles run on the
// device, too, and are compared at the end.
import { type CompileOptions, compile as compiled } from "../../../lib/compile/index.ts";
import { tensorsOf } from "../../../lib/compile/signature.ts";
import type { Tensor } from "../../../lib/index.ts";
import { backend } from "../backend.ts";
import { nearSingle } from "../near-single.ts";

/** So many calls of the whole example are compared; then it is over. */
const CALLS = 3;

/** What ends an example early. */
class Enough extends Error {}

const gpu = await backend();
const pairs: (readonly [there: readonly Tensor[], here: readonly Tensor[]])[] = [];

/** As `compile`, without its options. */
export function compile<Args extends unknown[], R>(
	f: (...args: Args) => R,
	_options?: CompileOptions,
) {
	const [here, there] = [compiled(f), compiled(f, { backend: gpu })];
	return (...args: Args): R => {
		if (pairs.length === CALLS) {
			void compareAll();
			throw new Enough();
		}
		const result = here(...args);
		pairs.push([tensorsOf(there(...args)), tensorsOf(result)]);
		return result;
	};
}

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
