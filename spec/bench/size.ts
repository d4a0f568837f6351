// Prints how large the built library is as a browser would load it: bundled, minified, gzipped. `npm run bench:size` builds it first.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
	exports: Record<string, { default: string }>;
};

/** The file of an entry of the package. */
const file = (entry: string) => join(root, exports[entry]!.default);

async function sizeOf(name: string, entries: readonly string[]): Promise<[string, object]> {
	const contents = entries.map((entry, i) => `export * as e${i} from "${file(entry)}";`);
	const { outputFiles } = await build({
		stdin: { contents: contents.join("\n"), resolveDir: root, loader: "ts" },
		bundle: true,
		minify: true,
		write: false,
		format: "esm",
		platform: "node",
		external: ["fast-check"],
	});
	const code = outputFiles[0]!.contents;
	const kilobytes = (bytes: number) => Number((bytes / 1000).toFixed(1));
	return [
		name,
		{
			"minified, kB": kilobytes(code.length),
			"gzipped, kB": kilobytes(gzipSync(code, { level: 9 }).length),
		},
	];
}

const entries = Object.keys(exports);
const rows = [
	...(await Promise.all(entries.map((entry) => sizeOf(entry.replace(/^\./, "adjoint"), [entry])))),
	await sizeOf("adjoint and adjoint/compile", [".", "./compile"]),
	await sizeOf("everything", entries),
];
console.table(Object.fromEntries(rows));
