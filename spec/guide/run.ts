// Runs every row of the tables in docs/coming-from-pytorch-or-jax.md in PyTorch, in JAX and here,
// on the same inputs, and compares values and gradients: `npm run guide:peers`. The first run makes
// a Python environment with the other libraries, unless `PEERS_PYTHON` names a Python that has
// them.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "../../lib/index.ts";
import { writeSafetensors } from "../../lib/io/index.ts";
import { askPeers } from "../peers-python.ts";
import { compareRow, unfit } from "./compare.ts";
import { notRun, withoutGradient } from "./exceptions.ts";
import { inputs, weights } from "./inputs.ts";
import { outcomeOf } from "./ours.ts";
import { type Column, type Row, rowsOf } from "./table.ts";
import type { Mode, Outcome } from "./values.ts";

const PEERS = { PyTorch: "torch", JAX: "jax" } as const;
const document = join(import.meta.dirname, "../../docs/coming-from-pytorch-or-jax.md");

/** The expressions of a column, with their section and what is wanted of them. */
const expressionsOf = (rows: readonly Row[], column: Column) =>
	rows.flatMap(({ section, cells }) =>
		cells[column].map(({ code, says }): [string, string, Mode] => {
			if (says !== undefined) return [section, code, "said"];
			return [section, code, code in withoutGradient ? "value" : "gradient"];
		}),
	);

const rows = rowsOf(readFileSync(document, "utf8"));
const run = rows.filter(({ name }) => !(name in notRun));
const folder = mkdtempSync(join(tmpdir(), "guide-"));
const path = join(folder, "w.safetensors");
const outcomes = new Map<string, Outcome>();
const keyOf = (section: string, column: Column, code: string) =>
	JSON.stringify([section, column, code]);
let failed = 0;
const fail = (row: Row, why: string) => {
	failed++;
	console.log(`✗ ${row.section}: ${row.name}\n  ${why}`);
};

try {
	await writeSafetensors(path, { w: tensor([[1.5, -2.25, 3.125]]) });
	for (const [column, name] of Object.entries(PEERS) as [keyof typeof PEERS, string][]) {
		const expressions = expressionsOf(run, column);
		const given = { expressions, inputs, weights, path };
		const found = askPeers<Outcome[]>(join(import.meta.dirname, "peers/run.py"), given, name);
		for (const [i, outcome] of found.entries()) {
			const [section, code] = expressions[i]!;
			outcomes.set(keyOf(section, column, code), outcome);
		}
	}
	for (const [section, code, mode] of expressionsOf(run, "adjoint")) {
		const outcome = await outcomeOf(section, code, path, mode);
		outcomes.set(keyOf(section, "adjoint", code), outcome);
	}
} finally {
	rmSync(folder, { recursive: true });
}

let [values, gradients] = [0, 0];
for (const row of run) {
	const why = unfit(row);
	if (why !== null) fail(row, why);
	const found = compareRow(row, (column, code) => outcomes.get(keyOf(row.section, column, code))!);
	for (const fault of found.faults) fail(row, fault);
	values += found.values;
	gradients += found.gradients;
}
for (const row of rows) {
	if (row.name in notRun) console.log(`not run: ${row.name} (${notRun[row.name]})`);
}
console.log(`${run.length} rows: ${values} values and ${gradients} gradients compared`);
process.exitCode = failed > 0 ? 1 : 0;
