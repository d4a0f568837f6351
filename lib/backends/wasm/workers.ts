import { TICKET } from "./work-queue.ts";

/** The part of Node's `worker_threads` that is used. */
interface WorkerThreads {
	readonly Worker: new (
		source: string,
		options: { eval: true; workerData: unknown },
	) => { on(event: "error", listener: () => void): { unref(): void } };
}

/** What stands in the way of several threads here; null if nothing does. */
export function objectionToThreads(): string | null {
	if (typeof SharedArrayBuffer === "undefined") return "no shared memory here";
	return workerThreads() === null ? "threads need Node 20.16 or later" : null;
}

/**
 * Node's threads; null elsewhere, and in a Node that is older than the way to ask for them (20.16).
 */
export function workerThreads(): WorkerThreads | null {
	const { process } = globalThis as {
		process?: { getBuiltinModule?(name: string): unknown };
	};
	return (process?.getBuiltinModule?.("node:worker_threads") as WorkerThreads | undefined) ?? null;
}

/**
 * What a worker runs: it has nothing but the module and the memory, and stays in `serve`. If it
 * fails there, so does who waits for it. In a block, since Bun and Deno have variables such as
 * `module` already.
 */
const SOURCE = `{
const { module, memory, names, thread } = require("node:worker_threads").workerData;
const imports = Object.fromEntries(names.map(([name, known]) => [name, Math[known] ?? (() => NaN)]));
const { serve } = new WebAssembly.Instance(module, { env: { memory, ...imports } }).exports;
try {
	serve(thread);
} catch {
	const ticket = new BigInt64Array(memory.buffer, ${TICKET}, 1);
	Atomics.store(ticket, 0, -1n);
	Atomics.notify(ticket, 0);
}
}`;

/**
 * Ends the workers of what is no longer there: those that look at its ticket, and those that sleep.
 */
const ending = new FinalizationRegistry<BigInt64Array>((ticket) => {
	Atomics.store(ticket, 0, -1n);
	Atomics.notify(ticket, 0);
});

/**
 * Starts workers that do chunks of a module's steps. They never keep the process alive, and end
 * when their owner is gone. Where the system refuses one, as where threads are forbidden or
 * limited, it is not asked for more.
 *
 * @param count how many
 * @param names what the module imports, and what that is called in `Math`; what is not there they
 * are never asked to call
 * @returns how many were started, and what stood in the way of more
 */
export function startWorkers(
	owner: object,
	count: number,
	{ Worker }: WorkerThreads,
	module: WebAssembly.Module,
	memory: WebAssembly.Memory,
	names: readonly (readonly [string, string | undefined])[],
): { readonly started: number; readonly refusal: string | null } {
	ending.register(owner, new BigInt64Array(memory.buffer, TICKET, 1));
	for (let thread = 1; thread <= count; thread++) {
		const workerData = { module, memory, names, thread };
		try {
			// One that fails to start claims nothing.
			new Worker(SOURCE, { eval: true, workerData }).on("error", () => {}).unref();
		} catch (error) {
			return { started: thread - 1, refusal: (error as Error).message };
		}
	}
	return { started: count, refusal: null };
}
