import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { CommandError } from "../../lib/cli/failure.ts";
import { HELP, parse } from "../../lib/cli/options.ts";
import { runCommand } from "../../lib/cli/run.ts";
import { forms } from "../../lib/derivation/forms.ts";
import { readModel } from "../export/read-model.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { expected, fails, failure, inFolder, printed, root, written } from "./in-folder.ts";

suite("cli/command", (test) => {
	for (const format of Object.keys(forms) as (keyof typeof forms)[]) {
		test(`it writes what derive gives, as ${format}`, async () => {
			assert.is(
				await written("out", "derive", "model.ts", "--format", format),
				expected.print(format),
			);
		});
	}

	test("left out, the form is NumPy's; the language is as told", async () => {
		const { text } = await printed("derive", "model.ts", "--lang", "zh");
		assert.is(text, expected.print("numpy", { lang: "zh" }));
	});

	test("the ending of the file to write says the form", async () => {
		const endings = {
			py: "numpy",
			ts: "ts",
			js: "plain",
			tex: "latex",
			md: "markdown",
			html: "html",
		};
		for (const [ending, form] of Object.entries(endings)) {
			const text = await written(`out.${ending}`, "derive", "model.ts");
			assert.is(text, expected.print(form as keyof typeof forms), ending);
		}
		const told = await written("out.html", "derive", "model.ts", "--format", "latex");
		assert.is(told, expected.print("latex"));
	});

	test("--help, or no word at all, shows the help; --version the package's version", async () => {
		assert.is((await printed("--help")).text, HELP);
		assert.is((await printed()).text, HELP);
		const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
		assert.is((await printed("--version")).text, `${version}\n`);
	});

	test("--axes names axes, and --verify and --cost say their tables besides the text", async () => {
		const { text, notes } = await printed(
			...["derive", "model.ts", "--axes", "x=Rows,Columns", "--verify", "--cost"],
		);
		assert.match(text, "x (Rows×Columns)");
		assert.is(notes, `${expected.cost()}\n${expected.verify()}\n`);
		const unknown = await failure("derive", "model.ts", "--axes", "z=N");
		assert.match(unknown, /^derive: axes names z, and the arguments are w, x/);
		await fails(
			["derive", "model.ts", "--axes", "z"],
			'expected --axes to be an argument and its axes, as in x=N,D, got "z"',
		);
	});

	test("a CommonJS file is read like a module; its arguments may be a promise", async () => {
		assert.match((await printed("derive", "common.cjs")).text, "grad_w = 2.0 * w");
	});

	test("a key of options that there is not is named", async () => {
		assert.match(await failure("derive", "custom.ts"), /^derive: .*\baxis\b/);
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
		const missing =
			'expected "adjoint derive FILE" or "adjoint export FILE", got "adjoint derive"; see adjoint --help';
		await fails(["derive"], missing);
		refuses(
			asks("a.ts"),
			CommandError,
			'expected "adjoint derive FILE" or "adjoint export FILE", got "adjoint a.ts"; see adjoint --help',
		);
		assert.throws(
			asks("derive", "a.ts", "--colour"),
			/^there is no option --colour; the options are --export, .*; see adjoint --help$/,
		);
	});

	test("export writes a folder that trains in JAX", async () => {
		const step = ["export", "step.ts", "--to", "jax", "--out", "net/jax"];
		const axes = ["--axes", "params.w=in,out"];
		const model = await inFolder(async (folder) => {
			await runCommand([...step, ...axes], { out: () => {}, note: () => {} });
			const files = readdirSync(join(folder, "net/jax")).sort();
			assert.equal(files, ["model.py", "start.safetensors", "train.py"]);
			const script = readFileSync(join(folder, "net/jax/train.py"), "utf8");
			assert.match(script, '    "params.w": ["in", "out"],');
			return readFileSync(join(folder, "net/jax/model.py"), "utf8");
		});
		assert.match(model, /def step\(\s*params: dict\[str, jax\.Array\],\s*x: jax\.Array/);
		assert.match(
			await failure(...step, "--axes", "params.v=in"),
			/^jaxPackage: axes names 1 axes of params\.v, and the leaves are params\.w, x/,
		);
		assert.match(
			await failure("export", "model.ts", "--to", "jax", "--out", "net"),
			/^jaxPackage: expected the step to return \[w, loss\], of 2 tensors, got 1/,
		);
		await fails(["export", "step.ts", "--to", "jax"], "expected --out to name the folder to write");
		await fails(
			["export", "step.ts", "--out", "net"],
			"expected --to to be jax, onnx, got nothing",
		);
	});

	test("and a model for ONNX, with axes that it is given the size of", async () => {
		const step = ["export", "step.ts", "--to", "onnx", "--out", "net"];
		const axes = ["--axes", "x=batch,in", "--dynamic", "batch", "--float", "float32"];
		const model = await inFolder(async (folder) => {
			await runCommand([...step, ...axes], { out: () => {}, note: () => {} });
			assert.equal(readdirSync(join(folder, "net")), ["model.onnx"]);
			return readModel(readFileSync(join(folder, "net/model.onnx")));
		});
		assert.equal(model.inputs, { "params.w": "float32 (3×1)", x: "float32 (batch×3)" });
		assert.equal(Object.keys(model.outputs), ["new.params.w", "result.1"]);
		await fails([...step, "--dynamic", "batch"], "no axis is called batch; --axes names none");
		await fails(
			[...step, "--axes", "x=batch,in", "--dynamic", "heads"],
			"no axis is called heads; there are batch, in",
		);
		await fails(
			[...step, "--float", "int8"],
			"expected --float to be float16, float32, float64, got int8",
		);
		await fails([...step, "--grad", "torch"], "expected --grad to be adjoint, jax, got torch");
	});
});
