import { readdirSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const root = join(import.meta.dirname, "..");
/** Inside of the repository, so that the bundles find its packages. */
const folder = join(import.meta.dirname, ".children");

let isBuilt = false;

/**
 * The path of a program of this repository, given from its root, as one file of JavaScript to be
 * run in a process of its own. A process that starts tsx and loads the sources takes a second
 * longer. All programs are bundled at once, when the first is asked for.
 */
export function bundleOf(program: string): string {
	if (!isBuilt) {
		const inFolder = (path: string) =>
			readdirSync(join(root, path))
				.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
				.map((file) => join(root, path, file));
		const entryPoints = [
			...inFolder("examples"),
			...inFolder("spec/programs"),
			join(root, "spec/functions/laws.ts"),
		];
		buildSync({
			entryPoints,
			outdir: folder,
			outbase: root,
			outExtension: { ".js": ".mjs" },
			bundle: true,
			packages: "external",
			format: "esm",
			platform: "node",
			// The list of files with side effects names those of the built package.
			ignoreAnnotations: true,
			// Here the package's name stands for its sources.
			tsconfig: join(root, "tsconfig.json"),
		});
		isBuilt = true;
	}
	return join(folder, program.replace(/\.ts$/, ".mjs"));
}
