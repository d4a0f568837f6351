import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import * as assert from "uvu/assert";
import type * as callSite from "../../lib/core/call-site.ts";
import { suite } from "../suite.ts";

suite("call sites", (test) => {
	test("a script without an address of its own loads, and tells no line", () => {
		const file = fileURLToPath(import.meta.resolve("../../lib/core/call-site.ts"));
		const { outputFiles } = buildSync({
			entryPoints: [file],
			bundle: true,
			write: false,
			format: "iife",
			globalName: "callSite",
			logLevel: "error",
		});
		const script = new Function(`${outputFiles[0]!.text}\nreturn callSite;`);
		const { siteIn, userSite } = script() as typeof callSite;
		assert.is(siteIn("Error\n    at loss (https://example.org/loss.js:1:2)"), null);
		assert.is(userSite()(), "an unknown line");
	});
});
