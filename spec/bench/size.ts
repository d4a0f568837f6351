// Prints how large the built library is as a browser would load it: bundled, minified, gzipped; whole entries, and programs with what
// they use of it. `npm run bench:size` builds it first.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundled } from "./bundle.ts";

const root = join(import.meta.dirname, "../..");
const programs = join(import.meta.dirname, "programs");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
	exports: Record<string, unknown>;
};

const nameOf = (entry: string) => entry.replace(/^\./, "adjoint");

async function row(
	name: string,
	program: Parameters<typeof bundled>[0],
): Promise<[string, object]> {
	const code = await bundled(program, { minify: true });
	const kilobytes = (bytes: number) => Number((bytes / 1000).toFixed(1));
	return [
		name,
		{
			"minified, kB": kilobytes(Buffer.byteLength(code)),
			"gzipped, kB": kilobytes(gzipSync(code, { level: 9 }).length),
		},
	];
}

const whole = (name: string, entries: readonly string[]) => {
	const contents = entries.map((entry, i) => `export * as e${i} from "${nameOf(entry)}";`);
	return row(name, { stdin: { contents: contents.join("\n"), resolveDir: root } });
};

const entries = Object.keys(exports);
const rows = [
	...(await Promise.all(entries.map((entry) => whole(nameOf(entry), [entry])))),
	await whole("adjoint and adjoint/compile", [".", "./compile"]),
	await whole("everything", entries),
];
for (const file of readdirSync(programs).filter((file) => /-(eager|compiled)\.ts$/.test(file))) {
	rows.push(await row(file.replace(/\.ts$/, ""), { entryPoints: [join(programs, file)] }));
}
console.table(Object.fromEntries(rows));
