import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../suite.ts";

const root = join(import.meta.dirname, "../..");

// A file of two float64 elements, as decodeNpy takes it, made without the rest of the library.
const program = `
import { decodeNpy } from "./lib/io/index.ts";
const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }".padEnd(117) + "\\n";
const bytes = Buffer.concat([
	Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]),
	Buffer.from(header),
	Buffer.from(new Float64Array([3, 4]).buffer),
]);
const x = decodeNpy(bytes);
console.log(x.dot(x).item());
`;

suite("io/entry", (test) => {
	test("a tensor read through this entry alone has its methods", () => {
		const args = ["--import", "./spec/typescript.mjs", "--input-type=module", "--eval", program];
		const output = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
		assert.is(output, "25\n");
	});
});
