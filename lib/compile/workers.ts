import { WORDS } from "./barriers.ts";

/** The part of Node's `worker_threads` that is used. */
interface WorkerThreads {
	readonly Worker: new (
		source: string,
		options: { eval: true; workerData: unknown },
	) => { on(event: "error", listener: () => void): { unref(): void } };
}

/** What a worker runs: it has nothing but the module and the memory, and stays in `serve` until it is told to end. */
const SOURCE = `
const { module, memory, names, thread } = require("node:worker_threads").workerData;
const imports = Object.fromEntries(names.map(([name, known]) => [name, Math[known] ?? (() => NaN)]));
new WebAssembly.Instance(module, { env: { memory, ...imports } }).exports.serve(thread);
`;

/** What stands in the way of several threads here; null if nothing does. */
export function objectionToThreads(): string | null {
	if (typeof SharedArrayBuffer === "undefined") return "no shared memory here";
	return workerThreads() === null ? "threads need Node 20.16 or later" : null;
}

/** Node's threads; null elsewhere, and in a Node that is older than the way to ask for them (20.16). */
export function workerThreads(): WorkerThreads | null {
	const { process } = globalThis as {
		process?: { getBuiltinModule?(name: string): unknown };
	};
	return (process?.getBuiltinModule?.("node:worker_threads") as WorkerThreads | undefined) ?? null;
}

/** Ends the threads of what is no longer there. */
const ending = new FinalizationRegistry<Int32Array>((control) => {
	Atomics.store(control, WORDS.stage, -1);
	Atomics.add(control, WORDS.calls, 1);
	Atomics.notify(control, WORDS.calls);
});

/** Threads that run a module's stages beside the one that calls them. They never keep the process alive. */
export class Workers {
	readonly #control: Int32Array;
	readonly #count: number;

	/**
	 * @param count how many there are beside this one
	 * @param names what the module imports, and what that is called in `Math`; what is not there they are never asked to call
	 */
	constructor(
		{ Worker }: WorkerThreads,
		count: number,
		module: WebAssembly.Module,
		memory: WebAssembly.Memory,
		names: readonly (readonly [string, string | undefined])[],
	) {
		this.#count = count;
		this.#control = new Int32Array(memory.buffer, 0, 16);
		for (let thread = 1; thread <= count; thread++) {
			const workerData = { module, memory, names, thread };
			// One that fails to start is never ready, and the others are not waited for.
			new Worker(SOURCE, { eval: true, workerData }).on("error", () => {}).unref();
		}
		ending.register(this, this.#control);
	}

	/** Whether all of them wait to be called; starting takes them some milliseconds. */
	get ready(): boolean {
		return Atomics.load(this.#control, WORDS.ready) === this.#count;
	}

	/** Calls them to a stage, which they leave together with the caller. */
	call(stage: number): void {
		Atomics.store(this.#control, WORDS.stage, stage);
		Atomics.add(this.#control, WORDS.calls, 1);
		Atomics.notify(this.#control, WORDS.calls);
	}
}
