// How Node finds and reads the TypeScript of this repository; see `typescript.mjs`.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const lib = new URL("../lib/", import.meta.url);
const tsconfigRaw = { compilerOptions: { target: "es2022", verbatimModuleSyntax: true } };

/** The package's name stands for its sources, as `paths` in tsconfig.json says. */
export function resolve(specifier, context, next) {
	const [, room] = /^adjoint(?:\/(.*))?$/.exec(specifier) ?? [];
	const files = room === undefined ? ["index.ts"] : [`${room}/index.ts`, `${room}.ts`];
	const found = files.map((file) => new URL(file, lib)).find((url) => existsSync(url));
	return /^adjoint\b/.test(specifier) && found !== undefined
		? { url: found.href, shortCircuit: true }
		: next(specifier, context);
}

/** A file of TypeScript as JavaScript with a source map. */
export async function load(url, context, next) {
	if (!/\.ts(\?|$)/.test(url)) return next(url, context);
	const sourcefile = fileURLToPath(url);
	const { code } = await transform(readFileSync(sourcefile, "utf8"), {
		loader: "ts",
		format: "esm",
		sourcefile,
		sourcemap: "inline",
		sourcesContent: false,
		tsconfigRaw,
	});
	return { format: "module", source: code, shortCircuit: true };
}
