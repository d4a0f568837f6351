import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { parseCsv } from "../../lib/data/index.ts";
import { FormatError } from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

/** A field as a writer of CSV may write it. */
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

suite("data/csv", (test) => {
	test("columns of numbers become a tensor, and labels the numbers of their classes", () => {
		const table = parseCsv("a,b,kind\n1,2,cat\n3,4e1,dog\n-5,.5,cat\n");
		assert.equal([table.columns, table.length], [["a", "b", "kind"], 3]);
		same(table.numbers(["a", "b"]), [
			[1, 2],
			[3, 40],
			[-5, 0.5],
		]);
		same(table.numbers("b"), [2, 40, 0.5]);
		assert.is(table.numbers("a", { dtype: "float32" }).dtype, "float32");
		const { labels, names } = table.classes("kind");
		same(labels, [0, 1, 0]);
		assert.is(labels.dtype, "int32");
		assert.equal(names, ["cat", "dog"]);
	});

	test("what was written is read, whatever stands in the fields", () => {
		const rows = fc.integer({ min: 1, max: 4 }).chain((width) =>
			fc.array(fc.array(fc.string({ unit: "grapheme" }), { minLength: width, maxLength: width }), {
				minLength: 1,
			}),
		);
		fc.assert(
			fc.property(
				rows,
				fc.constantFrom("\n", "\r\n", "\r"),
				fc.constantFrom(",", ";", "\t"),
				(given, end, separator) => {
					const names = given[0]!.map((_, i) => `column ${i}`);
					const all = [names, ...given.map((row) => [...row.slice(0, -1), `${row.at(-1)}.`])];
					const text = all.map((row) => row.map(quoted).join(separator)).join(end);
					const table = parseCsv(text, { separator });
					for (const [i, name] of names.entries()) {
						assert.equal(
							table.text(name),
							all.slice(1).map((row) => row[i]),
						);
					}
				},
			),
		);
	});

	test("lines may end with CR alone, and errors count them", () => {
		const table = parseCsv('a,b\r1,"x\ry"\r\r\n');
		assert.equal([table.length, table.text("b")], [1, ["x\ry"]]);
		refuses(() => parseCsv('a,b\r"1\r",2\r3'), FormatError, "expected 2 fields in line 4, got 1");
	});

	test("a table of very many columns takes time by their number, not its square", () => {
		const names = Array.from({ length: 40_000 }, (_, i) => `column ${i}`);
		const text = `${names}\n${names.map((_, i) => i)}`;
		const start = process.cpuUsage();
		assert.equal(parseCsv(text).numbers(names).shape, [1, 40_000]);
		assert.ok(process.cpuUsage(start).user < 1e6);
	});

	test("fields without quotes are taken as they are, to the end of the line", () => {
		const table = parseCsv("\ufeffa,b\r\n x ,it's 5\" wide\r\n,\r\n\r\n");
		assert.equal(table.text("a"), [" x ", ""]);
		assert.equal(table.text("b"), ["it's 5\" wide", ""]);
	});

	test("without a header the columns are numbered", () => {
		same(parseCsv("1;2\n3;4", { header: false, separator: ";" }).numbers("1"), [2, 4]);
		assert.is(parseCsv("", { header: false }).length, 0);
	});

	test("what is not well-formed is refused by its line", () => {
		const cases: [text: string, why: string][] = [
			["a,b\n1,2\n1", "expected 2 fields in line 3, got 1"],
			['a,b\n"x\ny",2\n1', "expected 2 fields in line 4, got 1"],
			['a\n"x', "a quote is not closed, which opens in line 2"],
			['a\n"x"y', "something stands behind a closing quote in line 2"],
			["a,a\n1,2", 'two columns are called "a"'],
		];
		for (const [text, why] of cases) refuses(() => parseCsv(text), FormatError, why);
		refuses(() => parseCsv("a", { separator: ", " }), FormatError, "one character");
		const table = parseCsv("a,b\n1,x\n2,");
		refuses(() => table.numbers("b"), FormatError, 'in column "b", line 2, got "x"');
		refuses(() => table.numbers(["a", "c"]), FormatError, 'expected a column of a, b, got "c"');
		refuses(() => parseCsv("a\n ").numbers("a"), FormatError, 'got " "');
	});
});
