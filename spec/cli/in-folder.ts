import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { failureText } from "../../lib/cli/failure.ts";
import { runCommand } from "../../lib/cli/run.ts";
import { derive } from "../../lib/derivation/index.ts";
import { type Tensor, tensor } from "../../lib/index.ts";

export const root = join(import.meta.dirname, "../..");

const files = {
	"package.json": '{ "type": "module" }',
	"model.ts": `import { type Tensor, tensor } from ${JSON.stringify(join(root, "lib/index.ts"))};
export const args = { w: tensor([1, 2]), x: tensor([[1, 2], [3, 4]]) };
export const options = { axes: { x: ["N", "D"] } };
export default (w: Tensor, x: Tensor): Tensor => x.dot(w).as("p").square().sum();
export const vector = (w: Tensor): Tensor => w.square();
export const misfit = (w: Tensor, x: Tensor): Tensor =>
	x.dot(x.dot(w).reshape([1, 2])).sum();
export function failing(): never {
	throw new TypeError("no such\\n  data");
}
`,
	"throws.ts": 'const limit: number = 3;\nthrow new Error("limit is " + limit);\n',
	"syntax.ts": "export const a: = 1;\n",
	"open.ts": `import { tensor } from ${JSON.stringify(join(root, "lib/index.ts"))};
console.log("loading data");
setInterval(() => {}, 1000);
export const args = [tensor([1, 2]), tensor([[1, 2], [3, 4], [5, 6]])];
export const loss = (w, x) => x.dot(w).square().mean();
`,
	"long.ts": `import { tensor } from ${JSON.stringify(join(root, "lib/index.ts"))};
export const args = { w: tensor([1, 2]) };
export const loss = (w) => {
	for (let i = 0; i < 60; i++) w = w.sin().as("w" + i);
	return w.sum();
};
`,
	"common.cjs": `exports.loss = (w) => w.square().sum();
exports.args = import(${JSON.stringify(join(root, "lib/index.ts"))}).then(({ tensor }) => ({ w: tensor([1, 2]) }));
`,
	"custom.ts": `import { customGradient, tensor } from ${JSON.stringify(join(root, "lib/index.ts"))};
export const args = { w: tensor([1, 2]) };
export const loss = (w) => w.square().sum();
export const options = { axis: { w: ["N"] } };
`,
	"step.ts": `import { type Tensor, ones, valueAndGrad } from ${JSON.stringify(join(root, "lib/index.ts"))};
export const args = { params: { w: ones([3, 1]) }, x: ones([4, 3]) };
export const step = (params: { w: Tensor }, x: Tensor) => {
	const [loss, { w }] = valueAndGrad((p: { w: Tensor }) => x.dot(p.w).square().sum())(params);
	return [{ w: params.w.sub(w.mul(0.1)) }, loss];
};
`,
	"one.mjs": "export const f = (x) => x.sum();\n",
	"two.mjs": "export const f = () => 1;\nexport const g = () => 2;\n",
};

/** What the default export of `model.ts` derives to. */
export const expected = derive(
	(w: Tensor, x: Tensor) => x.dot(w).as("p").square().sum(),
	{
		w: tensor([1, 2]),
		x: tensor([
			[1, 2],
			[3, 4],
		]),
	},
	{ axes: { x: ["N", "D"] } },
);

/** Does something in a folder with these files. */
export async function inFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-command-"));
	const before = process.cwd();
	try {
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		process.chdir(folder);
		return await work(folder);
	} finally {
		process.chdir(before);
		rmSync(folder, { recursive: true });
	}
}

const loader = join(root, "spec/typescript.mjs");
const command = [process.execPath, "--import", loader, join(root, "lib/cli/main.ts")];

/** Runs the command as a shell would, its words quoted, and `rest` behind it. */
export function adjoint(words: string, rest = "") {
	const line = [rest === "" ? "" : "{", ...command.map((word) => `'${word}'`), words, rest].join(
		" ",
	);
	return inFolder(() => spawnSync("sh", ["-c", line], { encoding: "utf8" }));
}

/** What the command prints, and what it says besides, in this process, which is much faster. */
export function printed(...words: string[]): Promise<{ text: string; notes: string }> {
	return inFolder(async () => {
		const all = { text: "", notes: "" };
		await runCommand(words, {
			out: (part) => {
				all.text += part;
			},
			note: (part) => {
				all.notes += part;
			},
		});
		return all;
	});
}

/** What it writes to a file. */
export function written(file: string, ...words: string[]): Promise<string> {
	return inFolder(async (folder) => {
		await runCommand([...words, "--out", file], SILENT);
		return readFileSync(join(folder, file), "utf8");
	});
}

const SILENT = { out: () => {}, note: () => {} };

/** What is said of why the command fails, in this process. */
export function failure(...words: string[]): Promise<string> {
	return inFolder(() => runCommand(words, SILENT).then(() => "it does not fail", failureText));
}

/** Asserts that the command fails with this one line. */
export async function fails(words: readonly string[], line: string): Promise<void> {
	assert.is(await failure(...words), line);
}
