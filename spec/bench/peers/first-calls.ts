import { execFileSync } from "node:child_process";
import { join } from "node:path";

const here = import.meta.dirname;
const contestants = [
	{ name: "adjoint, compiled", file: "ours-compiled.ts", before: ["--import", "tsx"] },
	{ name: "adjoint, 2 threads", file: "ours-threads.ts", before: ["--import", "tsx"] },
	{ name: "jax-js, jit", file: "jax.mjs", before: [] },
];

/**
 * Prints how long the first run of the two-layer step takes, each in a process of its own, for this
 * many processes.
 */
export function firstCalls(rounds: number): void {
	const rows = contestants.map(({ name, file, before }) => {
		const args = [...before, join(here, "first-call.mjs"), join(here, file)];
		const times = Array.from({ length: rounds }, () =>
			Number(execFileSync(process.execPath, [...args, "two-layer step, float32"])),
		).toSorted((a, b) => a - b);
		const median = times[Math.floor(rounds / 2)]!;
		return [name, { "best, ms": times[0]!.toFixed(1), "median, ms": median.toFixed(1) }] as const;
	});
	console.log("\ncompile and first run, two-layer step, float32");
	console.table(Object.fromEntries(rows));
}
