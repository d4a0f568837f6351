import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { ModuleBuilder } from "../../../lib/asm/assembler.ts";
import { i32 } from "../../../lib/asm/scalar.ts";
import { CONTROL, defineSharing } from "../../../lib/backends/wasm/work-queue.ts";
import { startWorkers, workerThreads } from "../../../lib/backends/wasm/workers.ts";
import { suite } from "../../suite.ts";

const CHUNKS = [3, 16, 2, 40, 7];
/** Where a step counts how often each chunk was done, and where it writes by whom. */
const countAt = (step: number) => CONTROL + 512 * step;
const threadAt = (step: number) => countAt(step) + 256;
/** The thread that fails, and how long a chunk takes, in rounds of a loop. */
const FAILING = 4096;
const LENGTH = FAILING + 4;

/**
 * Steps that do nothing but write down who did which of their chunks, with plain loads and stores.
 */
function stepsThatCount() {
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
	defineSharing(m, steps);
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

type Steps = ReturnType<typeof stepsThatCount>;

/** Has so many workers take part; they end when what is returned is no longer there. */
function employ({ module, memory }: Steps, count: number): object {
	const owner = {};
	startWorkers(owner, count, workerThreads()!, module, memory, []);
	return owner;
}

/** Repeats something until it is true. */
async function until(isSo: () => boolean): Promise<void> {
	const start = performance.now();
	while (!isSo()) {
		if (performance.now() - start > 20_000) assert.unreachable("it never came to be");
		await setTimeout(1);
	}
}

suite("compile/claims", (test) => {
	test("without workers the caller does all chunks", () => {
		const steps = stepsThatCount();
		for (const [step, chunks] of CHUNKS.entries()) {
			steps.run(step);
			assert.equal([...steps.counts(step)], new Array(chunks).fill(1));
			assert.equal([...steps.threads(step)], new Array(chunks).fill(0));
		}
	});

	test("each chunk is done once, by one of the threads, before the step is over", async () => {
		const steps = stepsThatCount();
		const owner = employ(steps, 3);
		const workers = new Set<number>();
		let runs = 0;
		const round = () => {
			runs++;
			steps.length = (runs % 7) * 50;
			for (const step of CHUNKS.keys()) {
				steps.run(step);
				for (const count of steps.counts(step)) if (count !== runs) assert.is(count, runs);
				for (const thread of steps.threads(step)) workers.add(thread);
			}
		};
		const start = performance.now();
		while (performance.now() - start < 500) {
			for (let i = 0; i < 200; i++) round();
			await setTimeout(0);
		}
		await until(() => {
			round();
			return workers.size === 4;
		});
		assert.ok(owner);
	});

	test("workers that sleep are woken", async () => {
		const steps = stepsThatCount();
		const owner = employ(steps, 1);
		steps.length = 200_000;
		for (let pause = 0; pause < 5; pause++) {
			await setTimeout(20);
			await until(() => {
				steps.run(3);
				return steps.threads(3).includes(1);
			});
		}
		assert.ok(owner);
	});

	test("what a call that fails has left undone is not done in the next", async () => {
		const steps = stepsThatCount();
		const owner = employ(steps, 2);
		let cut = 0;
		await until(() => {
			steps.length = cut * 100;
			steps.failing = 0;
			try {
				steps.run(1);
			} catch {
				cut++;
			}
			steps.close();
			steps.failing = -1;
			const before = [...steps.counts(1)];
			steps.run(1);
			assert.equal(
				[...steps.counts(1)],
				before.map((count) => count + 1),
			);
			return cut === 100;
		});
		assert.ok(owner);
	});

	test("a worker that cannot start leaves the work to others", async () => {
		const steps = stepsThatCount();
		const needy = new ModuleBuilder({ pages: 1, maximum: 1, shared: true });
		needy.import("missing", [], "none");
		let ended = 0;
		const { Worker } = workerThreads()!;
		class Watched extends Worker {
			constructor(...given: ConstructorParameters<typeof Worker>) {
				super(...given);
				this.on("error", () => ended++);
			}
		}
		const owner = {};
		const module = new WebAssembly.Module(needy.bytes());
		startWorkers(owner, 2, { Worker: Watched }, module, steps.memory, []);
		await until(() => ended === 2);
		steps.run(1);
		assert.equal([...steps.counts(1)], new Array(CHUNKS[1]).fill(1));
		assert.ok(owner);
	});

	test("when a worker fails, so does the call, and every later one", async () => {
		const steps = stepsThatCount();
		const owner = employ(steps, 1);
		steps.length = 20_000;
		steps.failing = 1;
		await until(() => {
			try {
				steps.run(1);
				return false;
			} catch (error) {
				assert.match((error as Error).message, "unreachable");
				return true;
			}
		});
		assert.throws(() => steps.close(), /unreachable/);
		assert.ok(owner);
	});
});
