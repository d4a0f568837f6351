import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../suite.ts";
import { compareRow, unfit } from "./compare.ts";
import { notRun, otherDtypes, withoutGradient } from "./exceptions.ts";
import { inputs } from "./inputs.ts";
import { outcomeOf } from "./ours.ts";
import { COLUMNS, type Row, rowsOf } from "./table.ts";
import type { Numbers, Outcome } from "./values.ts";

const file = join(import.meta.dirname, "../../docs/coming-from-pytorch-or-jax.md");
const rows = rowsOf(readFileSync(file, "utf8"));

const rowOf = (cells: string) =>
	rowsOf(`## Tensors\n\n| PyTorch | JAX | adjoint |\n| --- | --- | --- |\n| ${cells} |\n`)[0]!;
const numbers = (...data: number[]): Numbers => ({ dtype: "float64", shape: [data.length], data });
/** What the comparison of a row finds when the expressions give these. */
const faultsOf = (row: Row, outcomes: Readonly<Record<string, Outcome>>) =>
	compareRow(row, (_, code) => outcomes[code]!).faults;

suite("guide", (test) => {
	test("every row of the document is run in all columns, or is listed with a reason", () => {
		assert.ok(rows.length > 50);
		assert.equal(
			rows.filter((row) => unfit(row) !== null).map(({ name }) => name),
			[],
		);
		assert.equal([...new Set(rows.map(({ section }) => section))], Object.keys(inputs));
	});

	test("every exception is of a row or an expression that stands in the document", () => {
		const names = rows.map(({ name }) => name);
		const listed = [...Object.keys(notRun), ...Object.keys(otherDtypes)];
		assert.equal(
			listed.filter((name) => !names.includes(name)),
			[],
		);
		const codes = rows.flatMap(({ cells }) =>
			COLUMNS.flatMap((column) => cells[column].map(({ code }) => code)),
		);
		assert.equal(
			Object.keys(withoutGradient).filter((code) => !codes.includes(code)),
			[],
		);
	});

	test("the column of this library runs, and gives what the document says", async () => {
		for (const row of rows.filter(({ name }) => !(name in notRun))) {
			for (const { code, says } of row.cells.adjoint) {
				// A file that Python reads too is written by the whole comparison.
				if (code.includes("path")) continue;
				const outcome = await outcomeOf(
					row.section,
					code,
					"",
					says === undefined ? "gradient" : "said",
				);
				const own = { ...row, cells: { PyTorch: [], JAX: [], adjoint: [{ code, says }] } } as Row;
				assert.equal(compareRow(own, () => outcome).faults, [], row.name);
			}
		}
	});

	test("a row with a column without an expression, or with one column alone, is not passed over", () => {
		assert.is(unfit(rowOf("`a` | the same | `b`")), "no expression for JAX");
		assert.is(unfit(rowOf("— | — | `b`")), "nothing to compare with");
		assert.match(unfit(rowOf("`a` is `1` | `a` | `b`"))!, /all expressions say/);
		assert.is(unfit(rowOf("`a` | — | `b` (`adjoint/nn`)")), null);
	});

	test("another value, order, shape or dtype, an error, and another gradient are found", () => {
		const row = rowOf("`a`, `b` | `a`, `b` | `c`, `d`");
		const [one, two] = [{ value: numbers(1, 2) }, { value: numbers(3, 4) }];
		assert.equal(faultsOf(row, { a: one, b: two, c: one, d: two }), []);
		assert.is(faultsOf(row, { a: one, b: two, c: two, d: one }).length, 2);
		assert.is(
			faultsOf(row, { a: one, b: two, c: one, d: { value: numbers(3, 4 + 1e-9) } }).length,
			2,
		);
		const column = { value: { ...numbers(3, 4), shape: [2, 1] } };
		assert.is(faultsOf(row, { a: one, b: two, c: one, d: column }).length, 2);
		const whole = { value: { ...numbers(3, 4), dtype: "int32" } };
		assert.is(faultsOf(row, { a: one, b: two, c: one, d: whole }).length, 2);
		assert.equal(faultsOf(row, { a: one, b: two, c: one, d: { error: "no" } }), ["d: no"]);

		const by = (x: number): Outcome => ({ ...one, gradient: { x: numbers(x) } });
		const pair = rowOf("`a` | — | `b`");
		assert.equal(faultsOf(pair, { a: by(1), b: by(1) }), []);
		assert.is(faultsOf(pair, { a: by(1), b: by(1 + 1e-9) }).length, 1);
	});

	test("a value or an error that is not what the document says is found", () => {
		const row = rowOf("`a` is `[1, 2]` | `b` is `float32` | `c` is an error");
		const right = { a: { value: numbers(1, 2) }, b: { value: "float32" }, c: { error: "no" } };
		assert.equal(faultsOf(row, right), []);
		const wrong = {
			a: { value: numbers(1, 3) },
			b: { value: "float64" },
			c: { value: numbers(1) },
		};
		assert.is(faultsOf(row, wrong).length, 3);
	});
});
