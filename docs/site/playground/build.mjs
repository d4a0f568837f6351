// Builds the playground into a folder, of the library as `npm run build` left it: tsx
// docs/site/playground/build.mjs OUTDIR
//
// The page is bundled from this folder and the library's built files. The worker in which the
// reader's code runs is split by the modules that such code may import; the page hands their texts
// to the sandbox, which cannot fetch anything. The scripts of the two frames
// stand in them, so that their policies can name them by their digests.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BUILT_IN, fileOf, MODULES } from "./src/sandbox/module-names.ts";

// The package's own, whatever lies nearer.
const { build } = createRequire(new URL("../../../package.json", import.meta.url))("esbuild");
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const out = resolve(process.argv[2] ?? join(here, "dist"));

if (!existsSync(join(here, "node_modules"))) {
	const options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
	execFileSync("npm", ["install", "--prefix", here, ...options], { stdio: "inherit" });
}
// It reads sources with the TypeScript that has only now been installed.
const { catalogue } = await import("./catalogue/catalogue.ts");

/** A module of which nothing is used. */
const NOTHING = "module.exports = {};";

/** The library's entries, as a bundler finds them; longer names first. */
const entries = Object.entries(JSON.parse(readFileSync(join(root, "package.json"))).exports)
	.map(([name, { module }]) => [`adjoint${name.slice(1)}`, join(root, module)])
	.sort(([a], [b]) => b.length - a.length);
const alias = Object.fromEntries(entries);

const common = {
	bundle: true,
	minify: true,
	format: "esm",
	target: "es2022",
	alias,
	tsconfigRaw: {},
	legalComments: "none",
	logLevel: "warning",
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await buildSandbox();
await build({
	...common,
	entryPoints: { main: join(here, "src/page/main.ts") },
	outdir: out,
	plugins: [{ name: "no suggestions", setup: noSuggestions }],
	splitting: true,
	chunkNames: "page-[hash]",
});
await build({ ...common, entryPoints: { gpu: join(here, "src/gpu/worker.ts") }, outdir: out });
await build({
	...common,
	entryPoints: { types: join(here, "src/types/worker.ts") },
	outdir: out,
	format: "iife",
	// Only asked for where files are read from a disk.
	external: ["path", "fs"],
});
writeFileSync(join(out, "types.json"), JSON.stringify(typeFiles()));
writeFileSync(join(out, "examples.json"), JSON.stringify(catalogue()));
await buildFrame("frame", "'unsafe-eval' blob:", "worker-src blob:");
await buildFrame("view", "", "style-src 'unsafe-inline'; img-src data:");
copyFileSync(join(here, "index.html"), join(out, "index.html"));
await build({
	...common,
	entryPoints: { playground: join(here, "src/page/playground.css") },
	outdir: out,
});
// Runs before anything is painted, which a module does not.
await build({
	...common,
	entryPoints: { theme: join(here, "src/page/theme.ts") },
	outdir: out,
	format: "iife",
});
await buildServiceWorker();

/** Leaves out what sucrase has for other uses than TypeScript, and its checks of our options. */
function onlyTypeScript({ onLoad }) {
	const parts = [
		"parser/plugins/(flow|jsx/\\w+)",
		"transformers/(Flow|JestHoist|JSX|React\\w+|ESMImport)Transformer",
		"computeSourceMap",
	];
	const filter = new RegExp(`sucrase/dist/esm/(${parts.join("|")})\\.js$`);
	onLoad({ filter }, () => ({ contents: NOTHING }));
	onLoad({ filter: /sucrase\/dist\/esm\/Options\.js$/ }, () => ({
		contents: "export function validateOptions() {}",
	}));
}

/** Leaves out the suggestions that come with the language: those from types are other ones. */
function noSuggestions({ onResolve, onLoad }) {
	onResolve({ filter: /^@codemirror\/autocomplete$/ }, ({ path, importer }) =>
		importer.includes("lang-javascript") ? { path, namespace: "nothing" } : null,
	);
	onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: NOTHING }));
}

/** The service worker, with the names of all files, and a digest of them that tells a new build. */
async function buildServiceWorker() {
	const files = readdirSync(out, { recursive: true })
		.filter((file) => /\.\w+$/.test(file))
		.sort();
	const digest = createHash("sha256");
	for (const file of files) digest.update(readFileSync(join(out, file)));
	await build({
		...common,
		entryPoints: { "service-worker": join(here, "src/service-worker.ts") },
		outdir: out,
		format: "iife",
		define: {
			// The type checker is kept when it was loaded.
			FILES: JSON.stringify(files.filter((file) => !file.startsWith("types."))),
			VERSION: JSON.stringify(digest.digest("hex").slice(0, 16)),
		},
	});
}

/**
 * The worker and the modules for it. What each consists of is one file, `sandbox/NAME.json`: names
 * and texts, those that others import before them, without what the worker has already.
 */
async function buildSandbox() {
	const loaded = MODULES.filter((name) => !BUILT_IN.includes(name));
	const { metafile, outputFiles } = await build({
		...common,
		entryPoints: {
			worker: join(here, "src/sandbox/worker.ts"),
			...Object.fromEntries(loaded.map((name) => [fileOf(name), alias[name]])),
		},
		outdir: out,
		plugins: [{ name: "only TypeScript", setup: onlyTypeScript }],
		splitting: true,
		chunkNames: "part-[hash]",
		metafile: true,
		write: false,
	});
	const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
	const imports = new Map(
		Object.entries(metafile.outputs).map(([path, { imports }]) => [resolve(path), imports]),
	);
	/** A file after those that it imports. */
	const after = (path, seen) => {
		if (seen.has(path)) return [];
		seen.add(path);
		const needed = imports.get(path).filter(({ kind }) => kind === "import-statement");
		return [...needed.flatMap((each) => after(resolve(each.path), seen)), path];
	};
	mkdirSync(join(out, "sandbox"));
	const write = (file, paths) => {
		const files = paths.map((path) => [basename(path), texts.get(path)]);
		writeFileSync(join(out, "sandbox", `${file}.json`), JSON.stringify(files));
	};
	const there = new Set();
	writeFileSync(join(out, "sandbox/digits.json"), JSON.stringify([["digits.js", digitsModule()]]));
	write("worker", after(join(out, "worker.js"), there));
	for (const file of loaded.map(fileOf))
		write(file, after(join(out, `${file}.js`), new Set(there)));
}

/** The first digits of each kind in turn, at half their size: 14×14 bytes an image. */
function digitsModule() {
	const [each, side] = [20, 14];
	const digits = createRequire(join(root, "package.json"))("mnist");
	const bytes = [];
	for (let i = 0; i < each; i++) {
		for (let digit = 0; digit < 10; digit++) {
			const image = digits[digit].raw.slice(784 * i, 784 * (i + 1));
			for (let place = 0; place < side * side; place++) {
				const at = 56 * Math.floor(place / side) + 2 * (place % side);
				const sum = image[at] + image[at + 1] + image[at + 28] + image[at + 29];
				bytes.push(Math.round((255 * sum) / 4));
			}
		}
	}
	const labels = "0123456789".repeat(each);
	const pixels = Buffer.from(bytes).toString("base64");
	return `export const labels = "${labels}", pixels = "${pixels}", side = ${side};`;
}

/** What the type checker reads: the language's own types, and the library's as it is installed. */
function typeFiles() {
	const language = join(here, "node_modules/typescript/lib");
	const globals = [
		"declare const console: { log(...values: unknown[]): void };",
		"declare const process: { readonly argv: readonly string[] };",
	];
	const files = { "/globals.d.ts": globals.join("\n") };
	/** A file of the language's, and those that it refers to. */
	const add = (name) => {
		const text = readFileSync(join(language, `lib.${name}.d.ts`), "utf8");
		files[`/lib.${name}.d.ts`] = text;
		for (const [, other] of text.matchAll(/<reference lib="([^"]+)"/g)) add(other);
	};
	add("es2023");
	const folder = "/node_modules/adjoint";
	files[`${folder}/package.json`] = readFileSync(join(root, "package.json"), "utf8");
	for (const file of readdirSync(join(root, "dist"), { recursive: true })) {
		if (!file.endsWith(".d.ts") || file.startsWith("node")) continue;
		files[`${folder}/dist/${file}`] = readFileSync(join(root, "dist", file), "utf8");
	}
	return files;
}

/** A page for a frame, with its script and the policy that lets this script run. */
async function buildFrame(name, scripts, more) {
	const derivationPage = join(root, "dist/derivation/printers/html/script.js");
	const { SCRIPT } = await import(pathToFileURL(derivationPage));
	const { outputFiles } = await build({
		...common,
		entryPoints: [join(here, `src/sandbox/${name}.ts`)],
		format: "iife",
		write: false,
		banner: {
			js:
				name === "view" ? `function DERIVATION_SCRIPT(document, addEventListener) {${SCRIPT}}` : "",
		},
	});
	const script = outputFiles[0].text;
	const digest = createHash("sha256").update(script).digest("base64");
	const policy = `default-src 'none'; script-src 'sha256-${digest}' ${scripts}; ${more}; base-uri 'none'; form-action 'none'`;
	writeFileSync(
		join(out, `${name}.html`),
		`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${name}</title>
</head>
<body><script>${script}</script></body>
</html>
`,
	);
}
