import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as assert from "uvu/assert";
import { records } from "../lib/check/records.ts";
import { suite } from "./suite.ts";

const root = join(import.meta.dirname, "..");

function sources(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
		.map((file) => join(folder, file));
}

const text = (file: string) => readFileSync(join(root, file), "utf8");
const library = sources("lib");

/** The files that a file loads when it runs: type imports do not count. */
function runtimeImports(file: string): string[] {
	const statements = text(file).matchAll(
		/^(?:import|export)\s(?:([^;]*?)\sfrom\s)?"(\.[^"]+)";/gms,
	);
	return [...statements].flatMap(([, what = "", target]) => {
		const names = /^\{(.*)\}$/s.exec(what)?.[1]?.split(",");
		const isErased = (name: string) => name.trim() === "" || name.trim().startsWith("type ");
		const erased = what.startsWith("type ") || names?.every(isErased);
		return erased ? [] : [relative(root, join(root, dirname(file), target!))];
	});
}

/** A chain of imports that comes back to where it began, if there is one. */
function importCycle(
	files: readonly string[],
	imports: (file: string) => string[],
): string[] | null {
	const finished = new Set<string>();
	const walk = (file: string, path: string[]): string[] | null => {
		if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
		if (finished.has(file)) return null;
		for (const next of imports(file)) {
			const cycle = walk(next, [...path, file]);
			if (cycle !== null) return cycle;
		}
		finished.add(file);
		return null;
	};
	for (const file of files) {
		const cycle = walk(file, []);
		if (cycle !== null) return cycle;
	}
	return null;
}

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

suite("structure", (test) => {
	test("no file of the library imports itself in a circle", () => {
		assert.is(importCycle(library, runtimeImports)?.join(" → ") ?? "none", "none");
	});

	test("the search for circles finds one, and follows real imports", () => {
		const made = { a: ["b"], b: ["c"], c: ["b"] } as Record<string, string[]>;
		assert.equal(
			importCycle(["a"], (file) => made[file]!),
			["b", "c", "b"],
		);
		assert.ok(runtimeImports("lib/functions.ts").includes("lib/ops/index.ts"));
	});

	test("what a bundler may not leave out stands in package.json: the methods, and the entries that load them", () => {
		const { sideEffects } = JSON.parse(text("package.json")) as { sideEffects: string[] };
		const loading = library.filter((file) => runtimeImports(file).includes("lib/methods.ts"));
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

	test("shared code names no op", () => {
		const names = new Set(records.map((op) => op.name));
		// The names of linear maps are their own, though some are called like an op; and what is built on the engine
		// (layers, losses, plots) may use such a word in a sense of its own.
		const others = /^lib\/(ops|maps|nn|optim|data|train|plot)\//;
		const shared = library.filter((file) => !others.test(file));
		const named = shared.flatMap((file) =>
			[...text(file).matchAll(/"(\w+)"/g)]
				.filter(([, word]) => names.has(word!))
				.map(([, word]) => `${file}: ${word}`),
		);
		assert.equal(named, []);
		assert.ok(names.has("dot"));
	});

	test("no source file is longer than 300 lines", () => {
		const files = [...library, ...sources("spec"), ...sources("examples")];
		const long = files.filter((file) => text(file).split("\n").length > 301);
		assert.equal(long, []);
	});
});
