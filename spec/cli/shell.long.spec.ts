import * as assert from "uvu/assert";
import { suite } from "../suite.ts";
import { adjoint, expected } from "./in-folder.ts";

suite("cli/shell", (test) => {
	test("from a shell it prints, and tells what is wrong on one line with status 1", async () => {
		const { stdout, stderr, status } = await adjoint("derive model.ts");
		assert.equal([stdout, stderr, status], [expected.print("numpy"), "", 0]);
		const failed = await adjoint("derive nowhere.ts");
		const line = "adjoint: there is no file nowhere.ts\n";
		assert.equal([failed.stdout, failed.stderr, failed.status], ["", line, 1]);
	});

	test("what the file prints and leaves open is no part of the text and does not hold it up", async () => {
		const { stdout, stderr, status } = await adjoint("derive open.ts");
		assert.match(stdout, /^import numpy as np\n\n# Given: w \(2\), x \(3×2\)\n/);
		assert.equal([stderr, status], ["loading data\n", 0]);
	});

	test("a reader that stops early is no failure", async () => {
		// More than a pipe holds.
		const { stdout, stderr } = await adjoint(
			"derive long.ts --format html",
			'; echo "status $?" >&2; } | head -c 9',
		);
		assert.equal([stdout, stderr], ["<!doctype", "status 0\n"]);
	});
});
