import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundled } from "./bundle.ts";

const root = join(import.meta.dirname, "../..");
const programs = join(import.meta.dirname, "programs");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
	exports: Record<string, unknown>;
};

/** How large something is as a browser would load it, in kB. */
export interface Size {
	readonly minified: number;
	readonly gzipped: number;
}

/**
 * The sizes of whole entries, and of programs with what they use of the library, as it is built.
 */
export async function sizes(): Promise<Record<string, Size>> {
	const all = Object.keys(exports);
	const entries: [string, readonly string[]][] = [
		...all.map((entry): [string, string[]] => [nameOf(entry), [entry]]),
		["adjoint and adjoint/compile", [".", "./compile"]],
		["everything", all],
	];
	const made: Record<string, Size> = {};
	for (const [name, parts] of entries) {
		const contents = parts.map((entry, i) => `export * as e${i} from "${nameOf(entry)}";`);
		made[name] = await sizeOf({ stdin: { contents: contents.join("\n"), resolveDir: root } });
	}
	for (const file of readdirSync(programs).filter((one) => /-(eager|compiled)\.ts$/.test(one))) {
		made[file.replace(/\.ts$/, "")] = await sizeOf({ entryPoints: [join(programs, file)] });
	}
	return made;
}

const nameOf = (entry: string) => entry.replace(/^\./, "adjoint");

async function sizeOf(program: Parameters<typeof bundled>[0]): Promise<Size> {
	const code = await bundled(program, { minify: true });
	const kilobytes = (bytes: number) => Number((bytes / 1000).toFixed(1));
	return {
		minified: kilobytes(Buffer.byteLength(code)),
		gzipped: kilobytes(gzipSync(code, { level: 9 }).length),
	};
}
