import * as assert from "uvu/assert";
import { suite } from "../../suite.ts";
import { derivationOf, nets } from "../nets.ts";

suite("derivation/printers/markdown", (test) => {
	test("no sign of LaTeX is one whose backslash GitHub's Markdown takes away", () => {
		for (const [name, net] of Object.entries(nets)) {
			for (const lang of ["en", "zh"] as const) {
				const text = derivationOf(net).print("markdown", { lang });
				assert.ok(text.includes("$"), name);
				// A backslash before ASCII punctuation is an escape in CommonMark.
				assert.not.match(text, /\\[!-/:-@[-`{-~]/, name);
			}
		}
		assert.match(derivationOf(nets.twoLayers!).print("markdown"), "x\\thinspace w_{1}");
	});
});
