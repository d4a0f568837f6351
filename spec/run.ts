// Runs every spec in one process; `tsx spec/run.ts reductions` runs those whose path contains the word.
import { readdirSync } from "node:fs";
import { join } from "node:path";

// uvu would otherwise start on the first suite; it reads this when it is first imported.
(globalThis as { UVU_DEFER?: number }).UVU_DEFER = 1;
const { exec } = await import("uvu");
const queue = (globalThis as unknown as { UVU_QUEUE: unknown[][] }).UVU_QUEUE;

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
	.filter((file) => file.endsWith(".spec.ts") && !/\.documents|node_modules/.test(file))
	.filter((file) => process.argv.slice(2).every((word) => file.includes(word)))
	.sort();
if (files.length === 0) throw new Error("no spec matches");

for (const [i, file] of files.entries()) {
	(globalThis as { UVU_INDEX?: number }).UVU_INDEX = i;
	queue[i] = [file];
	await import(join(folder, file));
	if (queue[i].length === 1) throw new Error(`${file} registers no suite`);
}
await exec();
