// Goes over what `tsc` has built: marks the calls that define ops, `/* @__PURE__ */
// elementwise(…)`, so that bundlers leave out ops that a program does not use. Their functions say
// `@__NO_SIDE_EFFECTS__`, which esbuild heeds only within a file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const dist = join(import.meta.dirname, "../dist");
const DEFINITION = /\/\* @__NO_SIDE_EFFECTS__ \*\/\s(?:export )?function (\w+)/g;
const IMPORT = /^import \{ ([^}]*) \} from "(\.[^"]*)";$/gm;

/**
 * Code with its calls of these functions marked: where they begin a constant, a property, an
 * argument or a line of its own.
 */
function withPureCalls(code: string, names: readonly string[]): string {
	if (names.length === 0) return code;
	const call = `(?:${names.join("|")})\\(`;
	return code.replaceAll(
		new RegExp(`(?<=^(?:export )?const \\w+ = |^\\s+(?:\\w+: )?|^\\w[^"\`]*\\()(?=${call})`, "gm"),
		"/* @__PURE__ */ ",
	);
}

function markCalls(files: readonly string[]): void {
	const code = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
	const marked = new Map(
		[...code].map(([file, text]) => [
			file,
			[...text.matchAll(DEFINITION)].map(([, name]) => name!),
		]),
	);
	for (const [file, text] of code) {
		const imported = [...text.matchAll(IMPORT)].flatMap(([, names, from]) => {
			const pure = marked.get(join(dirname(file), from!)) ?? [];
			return names!.split(", ").flatMap((name) => {
				const [original, local = original] = name.split(" as ");
				return pure.includes(original!) ? [local!] : [];
			});
		});
		writeFileSync(file, withPureCalls(text, imported));
	}
}

const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
markCalls(files.filter((file) => file.endsWith(".js")).map((file) => join(dist, file)));
