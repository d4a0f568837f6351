/** What is compared in one run. */
export interface Contestant {
	readonly name: string;
	readonly run: () => unknown;
}

/** Milliseconds of the best and of the median run. */
export interface Timing {
	readonly best: number;
	readonly median: number;
}

/**
 * Runs the contestants in turn, so that a slow moment of the machine meets them all, and times
 * each.
 */
export function measure(contestants: readonly Contestant[], rounds: number): Timing[] {
	const times = contestants.map((): number[] => []);
	for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
		for (const [i, { run }] of contestants.entries()) {
			const start = performance.now();
			run();
			// The rounds below zero warm up.
			if (round >= 0) times[i]!.push(performance.now() - start);
		}
	}
	return times.map((list) => {
		const sorted = list.toSorted((a, b) => a - b);
		return { best: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! };
	});
}
