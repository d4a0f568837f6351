import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import * as assert from "uvu/assert";
import { suite } from "../../suite.ts";

const run = promisify(execFile);

const here = import.meta.dirname;
const root = join(here, "../../..");

/** An op of one's own, which takes no steps, and one whose step is a whole chain of draws. */
const OTHERS = ["11-custom-op", "15-hamiltonian-monte-carlo"];

const EXAMPLES = readdirSync(join(root, "examples"))
	.filter((file) => /^\d\d-.*\.ts$/.test(file) && !OTHERS.includes(file.replace(/\.ts$/, "")))
	.map((file) => file.replace(/\.ts$/, ""));

/** Has examples compile both ways. */
const both: Plugin = {
	name: "both",
	setup({ onResolve }) {
		onResolve({ filter: /^adjoint(\/compile)?$/ }, () => ({ path: join(here, "both.ts") }));
	},
};

/** Runs the first calls of an example both ways; what it says of that. */
async function compared(example: string): Promise<string> {
	// Where it finds the project's packages.
	mkdirSync(join(root, "spec/.children"), { recursive: true });
	const folder = mkdtempSync(join(root, "spec/.children/steps-"));
	try {
		const outfile = join(folder, "example.mjs");
		await build({
			entryPoints: [join(root, `examples/${example}.ts`)],
			outfile,
			bundle: true,
			packages: "external",
			format: "esm",
			platform: "node",
			tsconfig: join(root, "tsconfig.json"),
			ignoreAnnotations: true,
			plugins: [both],
			define: { "import.meta.dirname": JSON.stringify(join(root, "spec/webgpu")) },
		});
		const { stdout } = await run(process.execPath, [outfile]).catch((error) => error);
		return stdout;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

suite("webgpu, steps of examples", (test) => {
	for (const example of EXAMPLES) {
		test(`${example} takes the steps on the device that it takes in WebAssembly`, async () => {
			const said = await compared(example);
			assert.match(said, /^compared \d+\n$/m, said);
		});
	}
});
