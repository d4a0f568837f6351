import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { CommandError, failureText } from "../../lib/cli/failure.ts";
import { HELP, parse } from "../../lib/cli/options.ts";
import { runCommand } from "../../lib/cli/run.ts";
import { forms } from "../../lib/derivation/forms.ts";
import { derive } from "../../lib/derivation/index.ts";
import { type Tensor, tensor } from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

const root = join(import.meta.dirname, "../..");

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
	"one.mjs": "export const f = (x) => x.sum();\n",
	"two.mjs": "export const f = () => 1;\nexport const g = () => 2;\n",
};

/** What the default export of `model.ts` derives to. */
const expected = derive(
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
async function inFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
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

/** Runs the command as a shell would. */
function adjoint(...words: string[]) {
	const tsx = ["--import", join(root, "node_modules/tsx/dist/loader.mjs")];
	const line = [...tsx, join(root, "lib/cli/main.ts"), ...words];
	return inFolder(() => spawnSync(process.execPath, line, { encoding: "utf8" }));
}

/** What the command writes to a file, in this process, which is much faster. */
function written(...words: string[]): Promise<string> {
	return inFolder(async (folder) => {
		await runCommand([...words, "--out", "out"]);
		return readFileSync(join(folder, "out"), "utf8");
	});
}

/** What is said of why the command fails, in this process. */
function failure(...words: string[]): Promise<string> {
	return inFolder(() => runCommand(words).then(() => "it does not fail", failureText));
}

/** Asserts that the command fails with this one line. */
async function fails(words: readonly string[], line: string): Promise<void> {
	assert.is(await failure(...words), line);
}

suite("cli/command", (test) => {
	for (const format of Object.keys(forms) as (keyof typeof forms)[]) {
		test(`it writes what derive gives, as ${format}`, async () => {
			assert.is(await written("derive", "model.ts", "--format", format), expected.print(format));
		});
	}

	test("from a shell it prints, and tells what is wrong on one line with status 1", async () => {
		const { stdout, stderr, status } = await adjoint("derive", "model.ts");
		assert.equal([stdout, stderr, status], [expected.print("numpy"), "", 0]);
		const failed = await adjoint("derive", "nowhere.ts");
		const line = "adjoint: there is no file nowhere.ts\n";
		assert.equal([failed.stdout, failed.stderr, failed.status], ["", line, 1]);
	});

	test("left out, the form is NumPy's; the language is as told", async () => {
		assert.is(parse(["derive", "a.ts"])?.format, "numpy");
		const text = await written("derive", "model.ts", "--lang", "zh");
		assert.is(text, expected.print("numpy", { lang: "zh" }));
	});

	test("--help shows the help", async () => {
		const { stdout, status } = await adjoint("--help");
		assert.is(stdout, HELP);
		assert.is(status, 0);
	});

	test("a missing file is an error", async () => {
		await fails(["derive", "nowhere.ts"], "there is no file nowhere.ts");
	});

	test("a missing export is an error that names those that there are", async () => {
		await fails(
			["derive", "model.ts", "--export", "cost"],
			"model.ts exports no function cost; it exports args, default, failing, misfit, options, vector",
		);
		await fails(
			["derive", "two.mjs"],
			"two.mjs exports no default function; it exports f, g; choose one with --export",
		);
		await fails(
			["derive", "one.mjs"],
			"one.mjs has to export the arguments by name, export const args = { x: … }; it exports f",
		);
	});

	test("a result that is not a scalar is an error", async () => {
		await fails(
			["derive", "model.ts", "--export", "vector"],
			"derive: expected a float scalar result, got float64 (2); reduce it with sum() or mean()",
		);
	});

	test("what the file throws is told on one line, with its place", async () => {
		await fails(["derive", "throws.ts"], "Error: limit is 3 (at throws.ts:2:7)");
		await fails(
			["derive", "model.ts", "--export", "failing"],
			"TypeError: no such data (at model.ts:9:8)",
		);
		const misfit = await failure("derive", "model.ts", "--export", "misfit");
		assert.match(misfit, /^dot: expected the inner sizes .* \(at model.ts:7:4\)$/);
	});

	test("a file that does not parse is an error that names its line", async () => {
		assert.match(await failure("derive", "syntax.ts"), /^[^\n]*syntax\.ts:1:\d+[^\n]*$/);
	});

	test("a file that cannot be written is an error", async () => {
		await fails(
			["derive", "model.ts", "--out", "nowhere/out.txt"],
			"cannot write nowhere/out.txt: ENOENT: no such file or directory",
		);
	});

	test("a command line that asks for nothing there is, is an error", async () => {
		const asks =
			(...words: string[]) =>
			() =>
				parse(words);
		refuses(
			asks("derive", "a.ts", "--format", "pdf"),
			CommandError,
			"expected --format to be numpy, ts, plain, latex, markdown, html, got pdf",
		);
		refuses(
			asks("derive", "a.ts", "--lang", "fr"),
			CommandError,
			"expected --lang to be en, zh, got fr",
		);
		const missing = 'expected "adjoint derive FILE", got "adjoint derive"; see adjoint --help';
		await fails(["derive"], missing);
		refuses(
			asks("a.ts"),
			CommandError,
			'expected "adjoint derive FILE", got "adjoint a.ts"; see adjoint --help',
		);
		assert.throws(
			asks("derive", "a.ts", "--colour"),
			/Unknown option '--colour'.*see adjoint --help/,
		);
	});
});
