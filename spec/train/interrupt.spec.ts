import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as assert from "uvu/assert";
import { load } from "../../lib/io/index.ts";
import { bundleOf } from "../children.ts";
import { inFolder } from "../io/support.ts";
import { suite } from "../suite.ts";
import { run } from "./support.ts";

suite("train, interrupted", (test) => {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		test(`${signal} saves, and is over as it is for others`, () =>
			inFolder(async (folder) => {
				const checkpoint = join(folder, "run.safetensors");
				const { code, by, text } = await interrupted(signal, checkpoint);
				assert.match(text, /interrupted in epoch \d+ after \d+ batches; run again to go on from/);
				const { step } = await load<{ step: number }>(checkpoint);
				assert.ok(step > 0);
				// After Ctrl-C the program goes on; by the others the process ends.
				assert.equal([code, by], signal === "SIGINT" ? [0, null] : [null, signal]);
				assert.is(text.includes("left cleanly"), signal === "SIGINT");
			}));
	}

	test("a program that listens to SIGTERM itself goes on after it has saved", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			const { code, text } = await interrupted("SIGTERM", checkpoint, "--listen");
			assert.is(code, 0);
			assert.match(text, "left cleanly");
			assert.ok(existsSync(checkpoint));
		}));

	test("a signal interrupts all runs, and all have saved before the process ends", () =>
		inFolder(async (folder) => {
			const checkpoint = join(folder, "run.safetensors");
			const { by, text } = await interrupted("SIGTERM", checkpoint, "--twice");
			assert.is(by, "SIGTERM");
			assert.is(text.match(/interrupted in epoch/g)?.length, 2);
			assert.equal(readdirSync(folder).sort(), ["run.safetensors", "run.safetensors.2"]);
		}));

	test("many runs at once listen once, and take their listeners off", async () => {
		const warnings: Error[] = [];
		const listener = (warning: Error) => warnings.push(warning);
		process.on("warning", listener);
		const { signal } = new AbortController();
		const before = process.listenerCount("SIGTERM");
		const runs = Array.from({ length: 20 }, () => run({ epochs: 1, signal }));
		assert.is(process.listenerCount("SIGTERM"), before + 1);
		await Promise.all(runs);
		assert.is(process.listenerCount("SIGTERM"), before);
		await setImmediate();
		process.off("warning", listener);
		assert.equal(warnings.map(String), []);
	});
});

/** Runs a training until a signal, which is sent at its first sign of life. */
async function interrupted(signal: NodeJS.Signals, ...args: string[]) {
	const program = bundleOf("spec/programs/endless-training.ts");
	const child = spawn(process.execPath, [program, ...args]);
	let text = "";
	child.stdout.on("data", (chunk) => {
		if (text === "") child.kill(signal);
		text += chunk;
	});
	const [code, by] = await once(child, "close");
	return { code, by, text };
}
