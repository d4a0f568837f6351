// Serves the page that trains on the GPU:
//
//   npx tsx examples/browser/serve.ts
//
// and open the address that it prints.

import { join } from "node:path";
import { context } from "esbuild";

const bundle = await context({
	entryPoints: [join(import.meta.dirname, "page.ts")],
	bundle: true,
	format: "esm",
	// `package.json` says of what is built what has side effects, and this takes the sources.
	ignoreAnnotations: true,
	outdir: import.meta.dirname,
	write: false,
});
const { port } = await bundle.serve({ servedir: import.meta.dirname, port: 8000 });
console.log(`http://localhost:${port}`);
