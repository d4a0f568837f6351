// Bundles what `tsc` has built for Node: a file an entry in `dist/node/`, and shared ones for what
// several entries use, so that all of them have one `Tensor`. Loading a file a module costs a
// process three times the time. Bundlers take the modules, under "module".
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const { bin, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
	bin: Record<string, string>;
	exports: Record<string, { node: string }>;
};
const targets = [...Object.values(exports).map(({ node }) => node), ...Object.values(bin)];

await build({
	absWorkingDir: root,
	entryPoints: targets.map((file) => file.replace("dist/node/", "dist/")),
	outbase: "dist",
	outdir: "dist/node",
	bundle: true,
	splitting: true,
	format: "esm",
	platform: "node",
	target: "node20",
	packages: "external",
});
