/**
 * Runs `f` with a signal that Ctrl-C aborts, as the given one does if there is one. A second Ctrl-C
 * ends the process, as it does without us.
 */
export async function withInterrupt<T>(
	given: AbortSignal | undefined,
	f: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	const abort = () => controller.abort();
	process.once("SIGINT", abort);
	given?.addEventListener("abort", abort);
	if (given?.aborted) abort();
	try {
		return await f(controller.signal);
	} finally {
		process.off("SIGINT", abort);
		given?.removeEventListener("abort", abort);
	}
}
