/** Something that is done again and again on a device. */
export interface Repeated {
	/** Does it once; whether it is done when this returns does not matter. */
	readonly run: () => void;
	/** Waits until all that was begun is done. */
	readonly wait: () => Promise<void>;
}

/** A library, and what it can do of the cases, made when it is its turn. */
export interface Contestant {
	readonly name: string;
	readonly cases: Readonly<Record<string, () => Repeated>>;
}

/** How large the cases are. */
export interface Sizes {
	readonly products: readonly number[];
	readonly elements: number;
}

/** Those for a GPU, and those for a processor that stands in for one. */
export const SIZES = {
	large: { products: [256, 1024, 4096], elements: 1e7 },
	small: { products: [256, 512], elements: 1e6 },
} as const;

/** How long a case takes a library: milliseconds of a run, in the best and the median round. */
export interface Row {
	readonly name: string;
	readonly contestant: string;
	readonly best: number;
	readonly median: number;
}

/** Times all cases of the first contestant, each round of one beside that of the others. */
export async function timed(contestants: readonly Contestant[], rounds: number): Promise<Row[]> {
	const rows: Row[] = [];
	for (const name of Object.keys(contestants[0]!.cases)) {
		const running = contestants.flatMap(({ name: contestant, cases }) => {
			const begun = cases[name]?.();
			return begun === undefined ? [] : [{ contestant, times: [] as number[], ...begun }];
		});
		// The first round compiles and finds its tiles, the second says how many runs are enough.
		const runs = new Map<string, number>();
		for (let round = -2; round < rounds; round++) {
			for (const { contestant, times, run, wait } of running) {
				const count = runs.get(contestant) ?? 1;
				const time = await timeOf(run, wait, count);
				if (round >= 0) times.push(time);
				else runs.set(contestant, round < -1 ? 1 : runsFor(time));
			}
		}
		for (const { contestant, times } of running) {
			times.sort((a, b) => a - b);
			const [best, median] = [times[0]!, times[times.length >> 1]!];
			rows.push({ name, contestant, best, median });
		}
	}
	return rows;
}

/** How many runs there are in a round of what takes so many milliseconds. */
function runsFor(time: number): number {
	return Math.max(1, Math.min(8, Math.floor(500 / time)));
}

async function timeOf(run: () => void, wait: () => Promise<void>, count: number): Promise<number> {
	const start = performance.now();
	for (let i = 0; i < count; i++) run();
	await wait();
	return (performance.now() - start) / count;
}
