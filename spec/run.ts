// Runs every spec in one process; `tsx spec/run.ts reductions` runs those whose path contains the
// word, `--quick` those of the core, `--sampled` those that try a sample of what `--full` tries in
// full. That trains every example, too. `--long` runs those that build, pack, start or print
// much, which have a script of their own, `--gpu` those that need a device. `--costs` prints the
// processor's time of each file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

// uvu would otherwise start on the first suite; it reads this when it is first imported.
(globalThis as { UVU_DEFER?: number }).UVU_DEFER = 1;
const { exec } = await import("uvu");
const queue = (globalThis as unknown as { UVU_QUEUE: unknown[][] }).UVU_QUEUE;

/**
 * The core, each op by its laws, and the guards of the structure: nothing that starts a process,
 * trains, or measures and compiles every op.
 */
const QUICK =
	/^(autodiff|core|kinds|notation|ops(?!\/(accuracy|limits)\b)|program|structure)\b|^imports\.spec/;
/** What has a script of its own, and runs where a word asks for it. */
const LONG = /\.long\.spec\.ts$/;
/** What needs a device for WebGPU, and runs where `--gpu` asks for it. */
const GPU = /\.gpu\.spec\.ts$/;
/** What a spec file says that samples; see runs.ts. */
const SAMPLED = /\b(sampled\(|someOf\(|LAW_RUNS|PROGRAM_RUNS)/;

const { positionals: words, values: flags } = parseArgs({
	allowPositionals: true,
	options: {
		quick: { type: "boolean" },
		full: { type: "boolean" },
		sampled: { type: "boolean" },
		long: { type: "boolean" },
		gpu: { type: "boolean" },
		costs: { type: "boolean" },
	},
});
type Run = (...args: unknown[]) => Promise<unknown>;
const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
	.filter((file) => file.endsWith(".spec.ts") && !/\.children|\.documents|node_modules/.test(file))
	.filter((file) => words.every((word) => file.includes(word)))
	.filter((file) => GPU.test(file) === (flags.gpu ?? false))
	.filter((file) => words.length > 0 || LONG.test(file) === (flags.long ?? false))
	.filter((file) => !flags.quick || QUICK.test(file))
	.filter((file) => !flags.sampled || SAMPLED.test(readFileSync(join(folder, file), "utf8")))
	.sort();
if (files.length === 0) throw new Error("no spec matches");

const costs = files.map((file) => ({ file, seconds: 0 }));

/** Does a part of a file's work, and adds the time that it takes to the file's. */
async function counted<T>(i: number, work: () => Promise<T>): Promise<T> {
	const before = processorSeconds();
	const result = await work();
	costs[i]!.seconds += processorSeconds() - before;
	return result;
}

for (const [i, file] of files.entries()) {
	(globalThis as { UVU_INDEX?: number }).UVU_INDEX = i;
	queue[i] = [file];
	await counted(i, () => import(join(folder, file)));
	if (queue[i].length === 1) throw new Error(`${file} registers no suite`);
	for (const [k, run] of queue[i].entries()) {
		if (k > 0) queue[i][k] = (...args: unknown[]) => counted(i, () => (run as Run)(...args));
	}
}
await exec();
if (flags.costs) {
	const sorted = costs.toSorted((a, b) => b.seconds - a.seconds);
	console.table(sorted.map(({ file, seconds }) => ({ file, seconds: Number(seconds.toFixed(2)) })));
}

/** The processor's time that this process has taken, with that of those it waited for. */
function processorSeconds(): number {
	const { user, system } = process.cpuUsage();
	if (process.platform !== "linux") return (user + system) / 1e6;
	// Hundredths of a second, behind the command's name in brackets.
	const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ");
	return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}
