// Runs in an isolated page, or in a worker of one: what threads owe to who calls, wherever that is.
// Sends what it found to the runner, a line each, or the first thing that is not so.
import { random, type Tensor } from "adjoint";
import { compile } from "adjoint/compile";
import * as assert from "uvu/assert";
import { maySleep, startWorkers, workerHost } from "../../lib/backends/wasm/workers.ts";
import { CHUNKS, stepsThatCount } from "../backends/wasm/counted-steps.ts";
import { isWaiting, pause } from "./program.ts";

/** Has every worker that is made from a text hold a lock from its beginning to its end. */
function watchWorkers(): void {
	const locking = `
const begin = onmessage;
onmessage = (event) => navigator.locks.request("worker", { mode: "shared" }, () => {
	begin(event);
	return new Promise(() => {});
});`;
	globalThis.Blob = class extends Blob {
		constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
			super([...parts, locking], options);
		}
	};
}

/** How many workers there are. */
async function living(): Promise<number> {
	return (await navigator.locks.query()).held!.length;
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
	const start = performance.now();
	while (!(await isSo())) {
		if (performance.now() - start > 20_000) throw new Error(`it never came to be: ${what}`);
		await pause(5);
	}
}

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const [x, w] = [normal(1, [130, 70]), normal(2, [70, 50])];
const layer = (x: Tensor, w: Tensor) => {
	const h = x.dot(w).tanh();
	return [h, h.sum(0), h.softmax(1), h.T.dot(x)];
};
const alone = compile(layer)(x, w).map((out) => out.array);

/** Calls in a loop, with no pause in between. */
function callAtOnce(compiled: typeof layer, times: number): void {
	for (let i = 0; i < times; i++) {
		for (const [k, out] of compiled(x, w).entries()) assert.equal(out.array, alone[k]);
	}
}

async function programs(): Promise<string[]> {
	const compiled = compile(layer, { threads: 3 });
	const { notes } = compiled.explain(x, w);
	assert.ok(notes.some((note) => note.startsWith("one thread so far: a browser starts workers")));
	callAtOnce(compiled, 300);
	assert.ok(isWaiting(compiled.explain(x, w).notes));
	await until(() => !isWaiting(compiled.explain(x, w).notes), "workers begin");
	assert.is(compiled.explain(x, w).threads, 3);
	assert.is(await living(), 2);
	for (let round = 0; round < 10; round++) {
		callAtOnce(compiled, 100);
		// They sleep meanwhile, and are woken.
		await pause(20);
	}
	return ["300 calls before the workers begin and 1,000 after it, in loops, have the bits of one"];
}

async function chunks(): Promise<string[]> {
	const steps = stepsThatCount();
	const owner = {};
	const task = { module: steps.module, memory: steps.memory, names: [] };
	startWorkers(owner, 1, workerHost()!, task);
	const threads = new Set<number>();
	let runs = 0;
	await until(() => {
		for (let i = 0; i < 500; i++) {
			runs++;
			steps.length = (runs % 7) * 50;
			for (const step of CHUNKS.keys()) {
				steps.run(step);
				for (const count of steps.counts(step)) assert.is(count, runs);
				for (const thread of steps.threads(step)) threads.add(thread);
			}
		}
		return threads.size === 2 && runs > 20_000;
	}, "two threads do chunks");
	assert.ok(owner);
	return ["each chunk is done once, by one of the threads"];
}

async function ends(): Promise<string[]> {
	const { gc } = globalThis as unknown as { gc(): void };
	await until(async () => {
		gc();
		return (await living()) === 0;
	}, "workers end with what they work for");
	return ["workers end when what they work for is gone"];
}

/** Leaves workers behind that sleep, and goes on to a page that looks for them. */
async function leave(found: readonly string[]): Promise<never> {
	compile(layer, { threads: 3 })(x, w);
	await until(async () => (await living()) === 2, "both live");
	location.search = JSON.stringify(found);
	return pause(20_000) as Promise<never>;
}

async function answer(): Promise<unknown> {
	try {
		if (location.search !== "") {
			await until(async () => (await living()) === 0, "workers end with their page");
			const found = JSON.parse(decodeURIComponent(location.search.slice(1)));
			return [...found, "workers end with their page"];
		}
		watchWorkers();
		const isPage = typeof document !== "undefined";
		assert.is(maySleep(), !isPage);
		const found = [...(await programs()), ...(await chunks()), ...(await ends())];
		return isPage ? await leave(found) : found;
	} catch (error) {
		return { error: String((error as Error).stack) };
	}
}

await fetch("/", { method: "POST", body: JSON.stringify(await answer()) });
