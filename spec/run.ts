// Runs every spec in one process; `tsx spec/run.ts reductions` runs those whose path contains the
// word, `--quick` those of the core, and `--full` tries laws on more cases and trains every
// example.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

// uvu would otherwise start on the first suite; it reads this when it is first imported.
(globalThis as { UVU_DEFER?: number }).UVU_DEFER = 1;
const { exec } = await import("uvu");
const queue = (globalThis as unknown as { UVU_QUEUE: unknown[][] }).UVU_QUEUE;

/**
 * The core, each op by its laws, and the guards of the structure: nothing that starts a process,
 * trains or compiles.
 */
const QUICK = /^(autodiff|core|kinds|notation|ops|program|structure)\b|^imports\.spec/;

const { positionals: words, values: flags } = parseArgs({
	allowPositionals: true,
	options: { quick: { type: "boolean" }, full: { type: "boolean" } },
});
const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
	.filter((file) => file.endsWith(".spec.ts") && !/\.children|\.documents|node_modules/.test(file))
	.filter((file) => words.every((word) => file.includes(word)))
	.filter((file) => !flags.quick || QUICK.test(file))
	.sort();
if (files.length === 0) throw new Error("no spec matches");

for (const [i, file] of files.entries()) {
	(globalThis as { UVU_INDEX?: number }).UVU_INDEX = i;
	queue[i] = [file];
	await import(join(folder, file));
	if (queue[i].length === 1) throw new Error(`${file} registers no suite`);
}
await exec();
