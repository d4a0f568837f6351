import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { CommandError } from "../../lib/cli/failure.ts";
import { HELP, parse } from "../../lib/cli/options.ts";
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

/**
 * Runs the command in a folder with these files, as a shell would, and reads what it has written to
 * `out`.
 */
function adjoint(...words: string[]) {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-command-"));
	try {
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		const tsx = ["--import", join(root, "node_modules/tsx/dist/loader.mjs")];
		const line = [...tsx, join(root, "lib/cli/main.ts"), ...words];
		const run = spawnSync(process.execPath, line, { cwd: folder, encoding: "utf8" });
		const written = words.includes("out") ? readFileSync(join(folder, "out"), "utf8") : null;
		return { ...run, written };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Asserts that the command fails with this one line. */
function fails(words: readonly string[], line: string): void {
	const { stdout, stderr, status } = adjoint(...words);
	assert.is(stderr, `adjoint: ${line}\n`);
	assert.is(stdout, "");
	assert.is(status, 1);
}

suite("cli/command", (test) => {
	for (const format of Object.keys(forms) as (keyof typeof forms)[]) {
		test(`it prints what derive gives, as ${format}`, () => {
			const { stdout, stderr, status } = adjoint("derive", "model.ts", "--format", format);
			assert.is(stderr, "");
			assert.is(status, 0);
			assert.is(stdout, expected.print(format));
		});
	}

	test("left out, the form is NumPy's; the language and the place to write to are as told", () => {
		assert.is(parse(["derive", "a.ts"])?.format, "numpy");
		const { stdout, written } = adjoint("derive", "model.ts", "--lang", "zh", "--out", "out");
		assert.is(stdout, "");
		assert.is(written, expected.print("numpy", { lang: "zh" }));
	});

	test("--help shows the help", () => {
		const { stdout, status } = adjoint("--help");
		assert.is(stdout, HELP);
		assert.is(status, 0);
	});

	test("a missing file is an error", () => {
		fails(["derive", "nowhere.ts"], "there is no file nowhere.ts");
	});

	test("a missing export is an error that names those that there are", () => {
		fails(
			["derive", "model.ts", "--export", "cost"],
			"model.ts exports no function cost; it exports args, default, failing, misfit, options, vector",
		);
		fails(
			["derive", "two.mjs"],
			"two.mjs exports no default function; it exports f, g; choose one with --export",
		);
		fails(
			["derive", "one.mjs"],
			"one.mjs has to export the arguments by name, export const args = { x: … }; it exports f",
		);
	});

	test("a result that is not a scalar is an error", () => {
		fails(
			["derive", "model.ts", "--export", "vector"],
			"derive: expected a float scalar result, got float64 (2); reduce it with sum() or mean()",
		);
	});

	test("what the file throws is told on one line, with its place", () => {
		fails(["derive", "throws.ts"], "Error: limit is 3 (at throws.ts:2:7)");
		fails(
			["derive", "model.ts", "--export", "failing"],
			"TypeError: no such data (at model.ts:9:8)",
		);
		const { stderr } = adjoint("derive", "model.ts", "--export", "misfit");
		assert.match(stderr, /^adjoint: dot: expected the inner sizes .* \(at model.ts:7:4\)\n$/);
	});

	test("a file that does not parse is an error that names its line", () => {
		const { stderr, status } = adjoint("derive", "syntax.ts");
		assert.match(stderr, /^adjoint: [^\n]*syntax\.ts:1:\d+[^\n]*\n$/);
		assert.is(status, 1);
	});

	test("a file that cannot be written is an error", () => {
		fails(
			["derive", "model.ts", "--out", "nowhere/out.txt"],
			"cannot write nowhere/out.txt: ENOENT: no such file or directory",
		);
	});

	test("a command line that asks for nothing there is, is an error", () => {
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
		fails(["derive"], missing);
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
