import { BEGUN, TICKET } from "./work-queue.ts";

// All that is known here of where this runs: Node, Bun and Deno have `worker_threads`, pages and
// their workers have `Worker`. Shared memory does the rest, in the same way everywhere.

/** What a worker takes. */
interface Task {
	readonly module: WebAssembly.Module;
	readonly memory: WebAssembly.Memory;
	/**
	 * What the module imports, and what that is called in `Math`; what is not there workers are never
	 * asked to call.
	 */
	readonly names: readonly (readonly [string, string | undefined])[];
	readonly thread: number;
}

/** What starts workers. */
export interface WorkerHost {
	/**
	 * Starts one, or throws where it is refused. What goes wrong later is told to `fails`: a worker
	 * that fails to start claims nothing.
	 */
	start(task: Task, fails: (reason: string) => void): void;
	/** When they start, where that is not by themselves. */
	readonly when: string | null;
}

/** The part of Node's `worker_threads` that is used. */
interface WorkerThreads {
	readonly Worker: new (
		source: string,
		options: { eval: true; workerData: Task },
	) => { on(event: "error", listener: (error: Error) => void): { unref(): void } };
}

/** What a place where this runs has, or has not. */
interface Surroundings {
	readonly process?: { getBuiltinModule?(name: string): unknown };
	readonly Worker?: typeof Worker;
	readonly crossOriginIsolated?: boolean;
}

/** What stands in the way of several threads here; null if nothing does. */
export function objectionToThreads(): string | null {
	if (typeof SharedArrayBuffer !== "undefined") {
		return workerHost() === null ? "threads need Web Workers, or Node 20.16 or later" : null;
	}
	const { crossOriginIsolated } = globalThis as Surroundings;
	return crossOriginIsolated === false
		? "no shared memory here; pages get it by the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp"
		: "no shared memory here";
}

/** What starts workers here; null if nothing does. */
export function workerHost(): WorkerHost | null {
	const { process, Worker } = globalThis as Surroundings;
	const node = process?.getBuiltinModule?.("node:worker_threads") as WorkerThreads | undefined;
	if (node !== undefined) return hostInNode(node);
	return Worker === undefined ? null : hostInPage(Worker);
}

/** Whether this thread may sleep; the main thread of a page may not. */
export function maySleep(): boolean {
	try {
		// Where it may, it finds that there is no 1, and goes on.
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
		return true;
	} catch {
		return false;
	}
}

/**
 * What a worker runs: it has nothing but the module and the memory, and stays in `serve`. If it
 * fails there, so does who waits for it.
 */
const WORK = `({ module, memory, names, thread }) => {
	const imports = Object.fromEntries(names.map(([name, known]) => [name, Math[known] ?? (() => NaN)]));
	const { serve } = new WebAssembly.Instance(module, { env: { memory, ...imports } }).exports;
	Atomics.add(new Int32Array(memory.buffer, ${BEGUN}, 1), 0, 1);
	try {
		serve(thread);
	} catch {
		const ticket = new BigInt64Array(memory.buffer, ${TICKET}, 1);
		Atomics.store(ticket, 0, -1n);
		Atomics.notify(ticket, 0);
	}
}`;

/** Node's, which never keep the process alive. */
function hostInNode({ Worker }: WorkerThreads): WorkerHost {
	const source = `(${WORK})(require("node:worker_threads").workerData)`;
	return {
		start: (workerData, fails) => {
			const worker = new Worker(source, { eval: true, workerData });
			worker.on("error", ({ message }) => fails(message)).unref();
		},
		when: null,
	};
}

/** Where a page finds what its workers run: in its own memory, so bundlers need not know of it. */
let address: string | null = null;

/** A page's, or those of one of its workers. */
function hostInPage(Worker: Required<Surroundings>["Worker"]): WorkerHost {
	return {
		start: (task, fails) => {
			const source = `onmessage = ({ data }) => { try { (${WORK})(data); } finally { close(); } };`;
			address ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
			const worker = new Worker(address, { name: `adjoint ${task.thread}` });
			worker.onerror = (event) => {
				event.preventDefault();
				// If the page's policy forbids it there is no message.
				fails(event.message ?? "a Content-Security-Policy has to allow worker-src blob:");
			};
			worker.postMessage(task);
		},
		when: "a browser starts workers when this thread returns to its event loop, as at await new Promise(setTimeout)",
	};
}

/**
 * Ends the workers of what is no longer there: those that look at its ticket, and those that sleep.
 */
const ending = new FinalizationRegistry<BigInt64Array>((ticket) => {
	Atomics.store(ticket, 0, -1n);
	Atomics.notify(ticket, 0);
});

/** The workers of a program. */
export interface Workers {
	/** How many there are, started or about to. */
	readonly count: () => number;
	/** What stands in the way of more. */
	readonly notes: () => string[];
}

/**
 * Starts workers that do chunks of a module's steps. They end when their owner is gone. Where the
 * system refuses one, as where threads are forbidden or limited, it is not asked for more.
 *
 * @param wanted how many
 */
export function startWorkers(
	owner: object,
	wanted: number,
	host: WorkerHost,
	task: Omit<Task, "thread">,
): Workers {
	const { buffer } = task.memory;
	ending.register(owner, new BigInt64Array(buffer, TICKET, 1));
	let count = 0;
	let refusal: string | null = null;
	const fails = (reason: string) => {
		count--;
		refusal = reason;
	};
	for (let thread = 1; thread <= wanted && refusal === null; thread++) {
		count++;
		try {
			host.start({ ...task, thread }, fails);
		} catch (error) {
			fails((error as Error).message);
		}
	}
	const begun = new Int32Array(buffer, BEGUN, 1);
	const note = (workers: number, text: string) => {
		const threads = workers === 0 ? "one thread" : `${1 + workers} of ${1 + wanted} threads`;
		return `${threads}${text}`;
	};
	return {
		count: () => count,
		notes: () => [
			...(refusal === null ? [] : [note(count, `: ${refusal}`)]),
			...(host.when === null || begun[0]! >= count
				? []
				: [note(begun[0]!, ` so far: ${host.when}`)]),
		],
	};
}
