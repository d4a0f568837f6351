import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import * as assert from "uvu/assert";
import { suite } from "../../suite.ts";

const run = promisify(execFile);

const here = import.meta.dirname;
const root = join(here, "../../..");

/** Those that compute in float32; a device has no other floats. */
const EXAMPLES = [
	"05-digits",
	"06-digits-convolution",
	"07-names",
	"08-first-names",
	"09-autoencoder",
];

/** Has examples compile both ways. */
const both: Plugin = {
	name: "both",
	setup({ onResolve }) {
		onResolve({ filter: /^adjoint\/compile$/ }, () => ({ path: join(here, "both.ts") }));
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
			assert.match(said, /^compared \d\d+\n$/m, said);
		});
	}
});
