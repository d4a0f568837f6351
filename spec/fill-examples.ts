// Runs every numbered example in full and writes what it prints into docs/examples.md: some
// minutes. `npm run examples`. Read the diff.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const path = join(root, "docs/examples.md");

/** A command in a `sh` block and its output in the `text` block below. */
const RUNS = /```sh\nnpx tsx (examples\/\S+\.ts)\n```\n\n```text\n(.*?)```/gs;

const text = readFileSync(path, "utf8");
const filled = text.replaceAll(RUNS, (_, example: string) => {
	const start = performance.now();
	const output = execFileSync(process.execPath, ["--import", "tsx", join(root, example)], {
		cwd: root,
		encoding: "utf8",
	});
	console.log(`${example}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
	return `\`\`\`sh\nnpx tsx ${example}\n\`\`\`\n\n\`\`\`text\n${output.trimEnd()}\n\`\`\``;
});
writeFileSync(path, filled);
