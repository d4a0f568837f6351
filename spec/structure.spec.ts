import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { records } from "../lib/check/records.ts";
import * as scalar from "../lib/scalar/index.ts";
import { budget, over } from "./budget.ts";
import { documents } from "./documents.ts";
import { imports, roomOf, sources, text } from "./imports.ts";
import { suite } from "./suite.ts";

const root = join(import.meta.dirname, "..");

const library = sources("lib");

/** The exports with no doc comment right above them. */
function undocumented(source: string): string[] {
	const lines = source.split("\n");
	return lines.flatMap((line, i) => {
		const name = /^export (?:async )?(?:const|function|class|interface|type) (\w+)/.exec(line)?.[1];
		if (name === undefined) return [];
		let above = i - 1;
		while (lines[above]?.startsWith("// biome-ignore")) above--;
		return lines[above]?.trimEnd().endsWith("*/") ? [] : [name];
	});
}

const names = new Set(records.map((op) => op.name));
// The names of linear maps are their own, though some are called like an op; and what is built on
// the engine (layers, losses, equations, plots) may use such a word in a sense of its own.
const shared = library.filter(
	(file) =>
		!/^lib\/(ops|structure|nn|optim|equations|ode|data|train|plot|distributions)\//.test(file),
);

/** Instructions, which have such words for names too. */
const VOCABULARIES = /^lib\/(asm\/(scalar|simd)|backends\/wasm\/math\/floats)\.ts$/;

/**
 * What states the algebra of scalars or reads it, whose words are names of ops too: `exp`, but not
 * `relu`.
 */
const ALGEBRA =
	/^lib\/(scalar\/|notation\/formula\.ts|schedule\/formula-text\.ts|asm\/formula\.ts|kernels\/vector-code\.ts|backends\/wasm\/elementwise\/(functions|lowering)\.ts|backends\/webgpu\/elementwise\/(functions|integers|primitives|terms)\.ts|export\/onnx\/(formulas|functions|places)\.ts)/;
const words = new Set(Object.keys(scalar));
/** Options have words, too. */
const OPTIONS: Readonly<Record<string, RegExp>> = { sqrt: /^lib\/control\// };
const isNamed = (file: string, word: string) =>
	names.has(word) && !(ALGEBRA.test(file) && words.has(word)) && !OPTIONS[word]?.test(file);

/** Where shared code has a row an op, and how many. No table may be added, and none may grow. */
const TABLES: Readonly<Record<string, number>> = {
	"lib/derivation/printers/numpy-helpers.ts": 17,
	"lib/derivation/printers/numpy-special.ts": 5,
	"lib/kernels/convolve.ts": 5,
	"lib/export/jax/helpers.ts": 14,
};

/** The keys that stand at the start of a line, as those of a table do. */
function keysOf(source: string): string[] {
	const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
	return [...code.matchAll(/^\t+(\w+)(?:: |\(|,$)/gm)].map(([, key]) => key!);
}

suite("structure", (test) => {
	test("what a bundler may not leave out stands in package.json: the methods, and the entries that load them", () => {
		const { sideEffects } = JSON.parse(text("package.json")) as { sideEffects: string[] };
		const loading = library.filter((file) =>
			imports(file).some((one) => one.file === "lib/methods.ts" && !one.isType),
		);
		const built = (file: string) => file.replace("lib", "./dist").replace(/ts$/, "js");
		const kept = [...["lib/methods.ts", ...loading].map(built), "./dist/node/**/*.js"];
		assert.equal(sideEffects.toSorted(), kept.toSorted());
	});

	test("README tells of every entry, docs/architecture.md of every room of the library", () => {
		const { exports } = JSON.parse(text("package.json")) as { exports: Record<string, unknown> };
		const [readme, architecture] = [text("README.md"), text("docs/architecture.md")];
		const rooms = readdirSync(join(root, "lib"), { withFileTypes: true });
		const told = [
			...Object.keys(exports).filter(
				(entry) => !readme.includes(`${entry.replace(".", "adjoint")}\``),
			),
			...rooms
				.map((room) => `lib/${room.name}${room.isDirectory() ? "/" : ""}\``)
				.filter((room) => !architecture.includes(`\`${room}`)),
		];
		assert.equal(told, []);
	});

	test("every export has a doc comment", () => {
		const missing = library.flatMap((file) =>
			undocumented(text(file)).map((name) => `${file}: ${name}`),
		);
		assert.equal(missing, []);
		assert.equal(undocumented("/** a */\nexport const a = 1;\nexport const b = 2;\n"), ["b"]);
	});

	test("shared code names no op in quotes", () => {
		const named = shared.flatMap((file) =>
			[...text(file).matchAll(/"(\w+)"/g)]
				.filter(([, word]) => isNamed(file, word!))
				.map(([, word]) => `${file}: ${word}`),
		);
		assert.equal(named, []);
		assert.ok(names.has("dot"));
	});

	test("shared code has no table with a row an op, but for those that are known", () => {
		const tables = shared
			.filter((file) => !VOCABULARIES.test(file))
			.map((file) => [file, keysOf(text(file)).filter((key) => isNamed(file, key)).length] as const)
			.filter(([, rows]) => rows >= 4);
		assert.equal(Object.fromEntries(tables), TABLES);
		assert.equal(keysOf("const x = {\n\tdot: 1,\n\tmul,\n\tsum(x) {},\n};\n"), [
			"dot",
			"mul",
			"sum",
		]);
	});

	test("no room has more lines than its budget", () => {
		const lines: Record<string, number> = {};
		for (const file of library) {
			lines[roomOf(file)] = (lines[roomOf(file)] ?? 0) + text(file).split("\n").length - 1;
		}
		assert.equal(over(lines, budget.lines), []);
		assert.equal(over({ a: 2, b: 1 }, { a: 1, c: 1 }), [
			"a: 2, budget 1",
			"b: 1, budget none",
			"c: is not there",
		]);
	});

	test("no comment is wider than 100 columns, as no code is", () => {
		const wide = (source: string) =>
			source.split("\n").filter((line) => {
				const width = line.replaceAll("\t", "  ").length;
				return width > 100 && /^\s*(\/\/|\/?\*)/.test(line) && !line.includes("biome-ignore");
			});
		const files = [...library, ...sources("spec"), ...sources("examples")];
		const found = files.flatMap((file) => wide(text(file)).map((line) => `${file}: ${line}`));
		assert.equal(found, []);
		assert.is(wide(`\t// ${"x".repeat(96)}\n${"y".repeat(120)}`).length, 1);
	});

	test("the report of a check is read, since it throws nothing", () => {
		const unread = (source: string) =>
			source.match(/(?<=[;{}]\n\s*)check(?:Gradients|Jacobian|Hessian|Manual)\(.*/g) ?? [];
		// The specs of the check itself look at what it tells on the way.
		// What the documents' specs write down is looked at where it comes from.
		const specs = sources("spec").filter((file) => !/^spec\/(check|\.\w+)\//.test(file));
		const files = [...specs, ...sources("examples"), ...documents()];
		const found = files.flatMap((file) => unread(text(file)).map((line) => `${file}: ${line}`));
		assert.equal(found, []);
		assert.equal(unread("f();\n\tcheckGradients(f, [x]);\nconst r =\n\tcheckManual(f);\n"), [
			"checkGradients(f, [x]);",
		]);
	});

	test("no source file is longer than 300 lines", () => {
		const files = [...library, ...sources("spec"), ...sources("examples")];
		const long = files.filter((file) => text(file).split("\n").length > 301);
		assert.equal(long, []);
	});
});
