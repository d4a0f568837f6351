import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fences, folder } from "./documents.ts";
import { suite } from "./suite.ts";

const root = join(import.meta.dirname, "..");
const text = readFileSync(join(root, "docs/testing-gradients.md"), "utf8");
/** The blocks that belong to test runners, each a file of its own. */
const blocks = fences(text).filter(({ language }) => language === "typescript");

/** What a block prints when its runner runs it; a failure shows all of it. */
function outputOf(name: string, program: string): string {
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${name}.ts`);
	writeFileSync(file, program);
	try {
		return execFileSync(process.execPath, ["--import", "./spec/typescript.mjs", file], {
			cwd: root,
			encoding: "utf8",
		});
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		throw new Error(`${name} failed:\n${stdout}\n${stderr}`);
	}
}

suite("runners", (test) => {
	test("the document shows three runners", () => {
		const runners = blocks.map(({ body }) => /from "(.*?)"/.exec(body)![1]);
		assert.equal(runners, ["uvu", "vitest", "node:test"]);
	});

	test("the test for uvu passes under uvu", () => {
		assert.match(outputOf("uvu", blocks[0]!.body), /Passed: +1/);
	});

	test("the test for Node passes under node:test", () => {
		assert.match(outputOf("node-test", blocks[2]!.body), /(#|ℹ) pass 1/);
	});

	test("the test for Vitest, which is not installed here, passes under the same signature of node:test", () => {
		const program = blocks[1]!.body.replace('"vitest"', '"node:test"');
		assert.match(outputOf("vitest", program), /(#|ℹ) pass 1/);
	});

	test("a wrong gradient fails under a runner", () => {
		const program = blocks[2]!.body.replace("x.square()", "stopGradient(x).mul(x)");
		const wrong = program.replace("{ tensor,", "{ stopGradient, tensor,");
		assert.throws(() => outputOf("wrong", wrong), /likely cause: a factor 2 is missing/);
	});
});
