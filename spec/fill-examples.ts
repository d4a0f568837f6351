// Runs every numbered example in full and writes what it prints into docs/examples.md and its
// Chinese twin: some minutes. `npm run examples`. Read the diff.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const pages = ["docs/examples.md", "docs/examples.zh.md"].map((page) => join(root, page));

/** A command in a `sh` block and its output in the `text` block below. */
const RUNS = /```sh\nnpx tsx (examples\/\S+\.ts)\n```\n\n```text\n(.*?)```/gs;

/** What each example printed: it runs once, for both pages. */
const outputs = new Map<string, string>();

function outputOf(example: string): string {
	const known = outputs.get(example);
	if (known !== undefined) return known;
	const start = performance.now();
	const output = execFileSync(process.execPath, ["--import", "tsx", join(root, example)], {
		cwd: root,
		encoding: "utf8",
	}).trimEnd();
	console.log(`${example}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
	outputs.set(example, output);
	return output;
}

for (const page of pages) {
	const filled = readFileSync(page, "utf8").replaceAll(
		RUNS,
		(_, example: string) =>
			`\`\`\`sh\nnpx tsx ${example}\n\`\`\`\n\n\`\`\`text\n${outputOf(example)}\n\`\`\``,
	);
	writeFileSync(page, filled);
}
