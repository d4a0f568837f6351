// Writes packages for JAX and has other tools read them: ruff and its formatter, and pyright with
// its basic rules: `npm run export:lint`. At last each has to find a fault that is written in.

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JaxPackageOptions, jaxPackage } from "../../lib/export/index.ts";
import { peersPython } from "../peers-python.ts";
import { digits, gpt, pictures, recurrent, twoLayers } from "./steps.ts";

const ROWS = 64;
const OPTIONS: readonly JaxPackageOptions[] = [{}, { grad: "jax" }, { rng: "jax" }];

const folder = mkdtempSync(join(tmpdir(), "lint-"));
writeFileSync(join(folder, "pyrightconfig.json"), JSON.stringify({ typeCheckingMode: "basic" }));
const written: string[] = [];
for (const { name, f, args, axes } of [twoLayers, digits, pictures, gpt, recurrent].map((step) =>
	step(ROWS),
)) {
	for (const options of OPTIONS) {
		const own = join(
			folder,
			[name.replaceAll(" ", "_"), ...Object.entries(options).flat()].join("_"),
		);
		mkdirSync(own);
		for (const [file, content] of Object.entries(jaxPackage(f, args, { axes, ...options }))) {
			writeFileSync(join(own, file), content);
		}
		written.push(own);
	}
}

/** What each tool is called with, and a line of Python in which it alone finds a fault. */
const tools: Readonly<Record<string, { words: readonly string[]; fault: string }>> = {
	ruff: { words: ["ruff", "check", "--no-cache", "."], fault: "import os\n" },
	"ruff's formatter": {
		words: ["ruff", "format", "--no-cache", "--diff", "."],
		fault: "many = [ 1 ]\n",
	},
	pyright: { words: ["pyright", "--pythonpath", peersPython()], fault: 'length: int = "one"\n' },
};

let failed = 0;
try {
	for (const [name, { words }] of Object.entries(tools)) {
		const said = faults(words);
		console.log(
			said === null ? `• ${name}: nothing in ${written.length} packages` : `✗ ${name}\n${said}`,
		);
		if (said !== null) failed++;
	}
	for (const [name, { words, fault }] of Object.entries(tools)) {
		appendFileSync(join(written[0]!, "model.py"), fault);
		const isFound = faults(words)?.includes("model.py") ?? false;
		console.log(`${isFound ? "•" : "✗"} ${name} finds a fault that is written in`);
		if (!isFound) failed++;
	}
} finally {
	rmSync(folder, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;

/** What a tool says of the packages; null where it finds nothing. */
function faults(words: readonly string[]): string | null {
	const { status, stdout, stderr } = spawnSync(peersPython(), ["-m", ...words], {
		cwd: folder,
		encoding: "utf8",
	});
	return status === 0 ? null : `${stdout}${stderr}`;
}
