import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import * as adjoint from "../../../lib/index.ts";
import { suite } from "../../suite.ts";
import { camelCase, countsOf, modules, namesPage, rowsOf } from "./page.ts";

const page = join(import.meta.dirname, "../../../docs/names.md");

suite("guide/names", (test) => {
	test("docs/names.md says what the tables and the exports say; npm run guide:names writes it", () => {
		assert.is(readFileSync(page, "utf8"), namesPage());
	});

	test("no name of a module stands in two rows", () => {
		for (const names of modules) {
			const listed = rowsOf(names).map(({ theirs }) => theirs);
			assert.equal(
				listed.filter((name, i) => listed.indexOf(name) < i),
				[],
				names.module,
			);
		}
	});

	test("what is missing is not exported by that name, but for what is something else here", () => {
		const found = modules.flatMap((names) =>
			rowsOf(names)
				.filter(({ kind, theirs }) => kind === "missing" && camelCase(theirs) in adjoint)
				.map(({ theirs }) => `${names.module}.${theirs}`),
		);
		// Ours resizes images, NumPy's repeats elements.
		assert.equal(found, ["jax.numpy.resize"]);
	});

	test("what is not exported is missing, whatever the table says", () => {
		const ours =
			'abs not_ours abs2:abs ndim:.rank strides:.gap f:"float32" h:"float16" n:nn.none e:nn.elu';
		const rows = rowsOf({ module: "m", ours, missing: { "no time": "a b" }, apart: { odd: "c" } });
		const had = rows.filter(({ kind }) => kind === "ours").map(({ theirs }) => theirs);
		assert.equal(had, ["abs", "abs2", "ndim", "f", "e"]);
		const lacked = rows
			.filter(({ says }) => says === "not exported yet")
			.map(({ theirs }) => theirs);
		assert.equal(lacked, ["not_ours", "strides", "h", "n"]);
		assert.equal(countsOf(rows), { had: 5, lacked: 6, share: "45 %" });
	});
});
