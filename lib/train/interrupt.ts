import { setImmediate } from "node:timers/promises";

/** Ctrl-C, the system's request to end, and a terminal that is gone. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs that the next signal interrupts, all of them. */
interface Group {
	running: number;
	interrupted: boolean;
	/** The signal that ends the process once all of the runs have saved. */
	ending: NodeJS.Signals | null;
}

/** The group that listens, which new runs join. */
let listening: Group | null = null;

function onSignal(signal: NodeJS.Signals): void {
	const group = listening!;
	stopListening();
	group.interrupted = true;
	// Ctrl-C is for the run. By the others the process is to end, unless the program has its own way.
	if (signal !== "SIGINT" && process.listenerCount(signal) === 0) group.ending = signal;
}

function stopListening(): void {
	listening = null;
	for (const signal of SIGNALS) process.off(signal, onSignal);
}

function listen(): Group {
	for (const signal of SIGNALS) process.on(signal, onSignal);
	return { running: 0, interrupted: false, ending: null };
}

/**
 * Runs `f`, which asks now and then whether to stop: after a signal, or when `given` is aborted.
 * SIGTERM and SIGHUP then end the process, as they do without us, when the last run is over; a
 * second signal ends it at once. All runs have one listener.
 */
export async function withInterrupt<T>(
	given: AbortSignal | undefined,
	f: (isInterrupted: () => boolean) => Promise<T>,
): Promise<T> {
	listening ??= listen();
	const group = listening;
	group.running++;
	try {
		return await f(() => group.interrupted || given?.aborted === true);
	} finally {
		group.running--;
		if (group.running === 0) {
			if (listening === group) stopListening();
			if (group.ending !== null) {
				process.kill(process.pid, group.ending);
				// Where somebody listens after all, as a loader does, it is their turn first.
				await setImmediate();
			}
		}
	}
}
