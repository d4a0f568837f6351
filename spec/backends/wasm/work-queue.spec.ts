import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { ModuleBuilder } from "../../../lib/asm/assembler.ts";
import { startWorkers, workerHost } from "../../../lib/backends/wasm/workers.ts";
import { suite } from "../../suite.ts";
import { CHUNKS, type CountedSteps, stepsThatCount } from "./counted-steps.ts";

/** Has so many workers take part; they end when what is returned is no longer there. */
function employ({ module, memory }: CountedSteps, count: number): object {
	const owner = {};
	startWorkers(owner, count, workerHost()!, { module, memory, names: [] });
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

	for (const sleeps of [true, false]) {
		const caller = sleeps ? "" : ", for a caller that may not sleep";
		test(`each chunk is done once, by one of the threads, before the step is over${caller}`, async () => {
			const steps = stepsThatCount(sleeps);
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
	}

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
		const owner = {};
		const task = { module: new WebAssembly.Module(needy.bytes()), memory: steps.memory, names: [] };
		const workers = startWorkers(owner, 2, workerHost()!, task);
		assert.is(workers.count(), 2);
		assert.equal(workers.notes(), []);
		await until(() => workers.count() === 0);
		const [note] = workers.notes();
		assert.match(note!, /^one thread: .*missing/);
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
