// Steps that say who did what of them, for specs here and in browsers.
import { ModuleBuilder } from "../../../lib/asm/assembler.ts";
import { i32 } from "../../../lib/asm/scalar.ts";
import { CONTROL, defineSharing } from "../../../lib/backends/wasm/work-queue.ts";
import { maySleep } from "../../../lib/backends/wasm/workers.ts";

/** How many chunks each step has. */
export const CHUNKS = [3, 16, 2, 40, 7];
/** Where a step counts how often each chunk was done, and where it writes by whom. */
const countAt = (step: number) => CONTROL + 512 * step;
const threadAt = (step: number) => countAt(step) + 256;
/** The thread that fails, and how long a chunk takes, in rounds of a loop. */
const FAILING = 4096;
const LENGTH = FAILING + 4;

/**
 * Steps that do nothing but write down who did which of their chunks, with plain loads and stores.
 *
 * @param sleeps whether who runs them may sleep
 */
export function stepsThatCount(sleeps = maySleep()) {
	const m = new ModuleBuilder({ pages: 1, maximum: 1, shared: true });
	const steps = CHUNKS.map((chunks, step) => {
		const work = m.define(`step ${step}`, ["i32", "i32"], "none", (f, chunk, thread) => {
			f.if(i32.eq(thread, i32.load(FAILING)), () => f.trap());
			f.for(0, f.let(i32.load(LENGTH)), 1, () => {});
			const at = f.let(i32.mul(chunk, 4));
			f.store(i32, at, i32.add(i32.load(at, countAt(step)), 1), countAt(step));
			f.store(i32, at, thread, threadAt(step));
		});
		return { chunks, work };
	});
	defineSharing(m, steps, sleeps);
	const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
	const module = new WebAssembly.Module(m.bytes());
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const words = new Int32Array(memory.buffer);
	const part = (at: number, step: number) => words.subarray(at / 4, at / 4 + CHUNKS[step]!);
	words[FAILING / 4] = -1;
	return {
		module,
		memory,
		close: exports.close as () => void,
		run: (step: number) => (exports[`share ${step}`] as () => void)(),
		counts: (step: number) => part(countAt(step), step),
		threads: (step: number) => part(threadAt(step), step),
		set failing(thread: number) {
			words[FAILING / 4] = thread;
		},
		set length(rounds: number) {
			words[LENGTH / 4] = rounds;
		},
	};
}

/** What `stepsThatCount` gives. */
export type CountedSteps = ReturnType<typeof stepsThatCount>;
