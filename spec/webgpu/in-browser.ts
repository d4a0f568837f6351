// Runs the specs of the device in Chromium on SwiftShader, or in Firefox: `npm run webgpu:browser`,
// `npm run webgpu:browser -- --firefox`. Words choose the files whose names contain one of them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Plugin } from "esbuild";
import { chromiumWith, gpuFlags, SWIFTSHADER } from "../browser/chromium.ts";
import { firefox } from "../browser/firefox.ts";
import { answerOf, bundle, SilentPage, sayVersion } from "../browser/show.ts";

const here = import.meta.dirname;
const MINUTES = 60_000;

/** In the place of what only Node has: the page's own device, and suites without a runner. */
const inPage: Plugin = {
	name: "in a page",
	setup(made) {
		made.onResolve({ filter: /\/adapter\.ts$/ }, () => ({ path: join(here, "page/adapter.ts") }));
		made.onResolve({ filter: /\/suite\.ts$/ }, () => ({ path: join(here, "page/suite.ts") }));
		made.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "node" }));
		made.onLoad({ filter: /.*/, namespace: "node" }, () => ({ contents: "module.exports = {};" }));
	},
};

const { positionals: words, values } = parseArgs({
	allowPositionals: true,
	options: { firefox: { type: "boolean" } },
});
const browser = values.firefox ? firefox : chromiumWith([...gpuFlags, SWIFTSHADER]);
sayVersion(browser);
const specs = readdirSync(here)
	.filter((file) => file.endsWith(".gpu.spec.ts"))
	.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
const script = await bundle("unused", {
	entryPoints: undefined,
	stdin: {
		contents: [
			...specs.map((file) => `import "./${file}";`),
			'import { runAll } from "./page/suite.ts";',
			"await runAll();",
		].join("\n"),
		resolveDir: here,
		loader: "ts",
	},
	plugins: [inPage],
	// `adjoint` is the sources, as it is in what the specs import besides.
	tsconfig: join(here, "../../tsconfig.json"),
	// package.json speaks of what is built.
	ignoreAnnotations: true,
	banner: { js: "globalThis.process ??= { argv: [], env: {} };" },
});
const shown = { browser, limit: 6 * MINUTES };
const answer = await answerOf(script, shown).catch((error) => {
	// A browser stood still once in some twenty runs, before pages said where. A spec that waits
	// forever does so in the next one, too.
	if (!(error instanceof SilentPage)) throw error;
	console.log(`${error.message}; in another browser once more`);
	return answerOf(script, shown);
});
const { passed, failed, adapter } = JSON.parse(answer) as {
	passed: number;
	failed: string[];
	adapter: string;
};
for (const each of failed) console.log(`✗ ${each}`);
console.log(`${adapter}: ${passed} passed, ${failed.length} failed, of ${specs.length} files`);
if (failed.length > 0 || passed === 0) process.exit(1);
