// Processes that are killed while they save: `npm run fuzz:saves`, or with `-- --runs 1000 --seed 7
// --seconds 60`. After each kill the file must hold a whole state, at least the last one that was
// acknowledged; the next save removes what was left over, and in every eighth run a second process
// saves to the same file and must not be disturbed. It ends with 1 at the first failure.
import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { type Tensor, tensor } from "../../lib/index.ts";
import { load, save } from "../../lib/io/index.ts";

const { values } = parseArgs({
	options: { runs: { type: "string" }, seed: { type: "string" }, seconds: { type: "string" } },
});
const runs = Number(values.runs ?? 1000);
let seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const end = performance.now() + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);
console.log(`from seed ${seed} on`);

/** So many elements, all equal to the step: 1.6 MB, which take a while to write. */
const SIZE = 200_000;
/** Most milliseconds from the first save that is acknowledged to the kill. */
const LONGEST_LIFE = 40;

interface State {
	readonly step: number;
	readonly w: Tensor;
}

// Saves until it is killed, and says after each save that it is done.
const saver = `
import { writeSync } from "node:fs";
import { save } from "./lib/io/index.ts";
import { tensor } from "./lib/core/create.ts";
const [path, first] = process.argv.slice(2);
for (let step = Number(first); ; step++) {
	await save(path, { step, w: tensor(new Float64Array(${SIZE}).fill(step)) });
	writeSync(1, step + "\\n");
}`;

const folder = mkdtempSync(join(tmpdir(), "adjoint-killed-"));
const program = join(folder, "saver.mjs");
const root = join(import.meta.dirname, "../..");
buildSync({
	stdin: { contents: saver, resolveDir: root, loader: "ts" },
	bundle: true,
	logLevel: "error",
	platform: "node",
	format: "esm",
	outfile: program,
});

/** A process that saves, and the last step that it acknowledged. */
class Saver {
	readonly #process: ChildProcess;
	readonly #over: Promise<NodeJS.Signals | null>;
	readonly begun: Promise<void>;
	acknowledged = -1;
	errors = "";

	constructor(path: string, first: number) {
		const child = spawn(process.execPath, [program, path, String(first)]);
		this.#process = child;
		this.#over = new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
		this.begun = new Promise((resolve) => {
			let text = "";
			child.stdout.on("data", (part) => {
				text += part;
				const lines = text.split("\n");
				text = lines.pop()!;
				if (lines.length > 0) this.acknowledged = Number(lines.at(-1));
				resolve();
			});
			child.once("close", () => resolve());
		});
		child.stderr.on("data", (part) => {
			this.errors += part;
		});
	}

	/** Kills it, and waits until everything it said has come. */
	async kill(): Promise<void> {
		this.#process.kill("SIGKILL");
		assert.equal(await this.#over, "SIGKILL", `it had ended before: ${this.errors}`);
	}
}

/** The same numbers for the same seed (mulberry32). */
function random(): number {
	seed = (seed + 0x6d2b79f5) | 0;
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const states = mkdtempSync(join(folder, "states-"));
const path = join(states, `${"n".repeat(240)}.safetensors`);
const leftOver = () => readdirSync(states).filter((name) => name.endsWith(".partial")).length;

let [done, littered, next] = [0, 0, 0];
try {
	for (; done < runs && performance.now() < end; done++) {
		const first = new Saver(path, next);
		const second = done % 8 === 7 ? new Saver(path, next) : null;
		await Promise.all([first.begun, second?.begun]);
		await wait(random() * LONGEST_LIFE);
		await first.kill();
		if (second !== null) await wait(random() * LONGEST_LIFE);
		await second?.kill();
		const { step, w } = await load<State>(path);
		assert.ok(w.size === SIZE && w.data.every((x) => x === step), `step ${step} is torn`);
		// Of two processes the slower one may have had the last word.
		const known = Math.min(first.acknowledged, second?.acknowledged ?? first.acknowledged);
		assert.ok(step >= known, `step ${known} was acknowledged, step ${step} is there`);
		const partials = leftOver();
		assert.ok(partials <= (second === null ? 1 : 2), `${partials} files are left over`);
		littered += partials;
		next = step + 1;
	}
	await save(path, { step: next, w: tensor(0) });
	assert.equal(readdirSync(states).length, 1, "the last save left something beside its file");
	console.log(
		`${done} processes killed while saving, ${next} states saved: each file whole, none lost; ` +
			`${littered} partial files were left, and all removed by the next save`,
	);
} finally {
	rmSync(folder, { recursive: true });
}
