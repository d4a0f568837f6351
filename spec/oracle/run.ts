// Values and gradients of ours beside those of NumPy, SciPy, mpmath, JAX, Optax and PyTorch, on the
// same inputs: `npm run oracle`, or `npm run oracle -- fourier` for one family. Each file beside
// this one with rows is a family.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { grad, type Tensor, tensor } from "../../lib/index.ts";
import { askPeers, type SentNumbers, sentNumbers } from "../peers-python.ts";
import type { Family, Inputs, Result, Row } from "./row.ts";

const PEERS = ["numpy", "jax", "torch"] as const;
/** By these the elements of a result are multiplied before they are summed for a gradient. */
const weights = Array.from({ length: 10_000 }, (_, i) => ((i * 0.6180339887498949) % 1) - 0.4);

interface Outcome {
	readonly value?: readonly SentNumbers[];
	readonly gradient?: Readonly<Record<string, SentNumbers>>;
	readonly error?: string;
}

const leaves = (x: Result): Tensor[] => ("dtype" in x ? [x as Tensor] : x.flatMap(leaves));
const isFloat = (x: Tensor) => x.dtype.startsWith("float");

/** Our gradient of the sum of all elements of floats, each times a weight. */
function gradientOf({ inputs, ours }: Row): Record<string, SentNumbers> {
	const floats = Object.fromEntries(Object.entries(inputs).filter(([, x]) => isFloat(x)));
	const total = (variables: Inputs) =>
		leaves(ours({ ...inputs, ...variables }))
			.filter(isFloat)
			.map((x) => x.mul(tensor(weights.slice(0, x.size), { dtype: x.dtype }).reshape(x.shape)))
			.map((x) => x.sum().astype("float64"))
			.reduce((sum, x) => sum.add(x), tensor(0));
	const found = Object.entries(grad(total)(floats) as Inputs);
	return Object.fromEntries(found.map(([name, x]) => [name, sentNumbers(x)]));
}

/** Whole numbers of any width are of one kind. */
const kindOf = (dtype: string) => dtype.replace(/\d+$/, "");

/** Why two are not the same, or null. */
function difference(a: SentNumbers, b: SentNumbers, tolerance: number): string | null {
	if (kindOf(a.dtype) !== kindOf(b.dtype)) return `${a.dtype} is not ${b.dtype}`;
	if (`${a.shape}` !== `${b.shape}`) return `the shape (${a.shape}) is not (${b.shape})`;
	const isNear = (x: number, y: number) =>
		Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
	const at = a.data.findIndex((x, i) => !isNear(Number(x), Number(b.data[i]!)));
	return at < 0 ? null : `at ${at} of (${a.shape}), ${a.data[at]} is not ${b.data[at]}`;
}

const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
	.filter((file) => file.endsWith(".ts") && !["row.ts", "run.ts"].includes(file))
	.filter((file) => words.length === 0 || words.includes(basename(file, ".ts")));
if (files.length === 0) throw new Error(`no family is called ${words.join(" or ")}`);

const asked: { family: string; row: Row; peer: (typeof PEERS)[number]; setup: string }[] = [];
for (const file of files) {
	const { family } = (await import(`./${file}`)) as { family: Family };
	const { setup = "", rows } = family;
	const names = new Set(rows.map(({ name }) => name));
	if (names.size < rows.length) throw new Error(`${file}: two rows have one name`);
	for (const row of rows) {
		const peers = PEERS.filter((peer) => row[peer] !== undefined);
		if (peers.length === 0) throw new Error(`${file}: ${row.name} has nothing to compare with`);
		for (const peer of peers) asked.push({ family: basename(file, ".ts"), row, peer, setup });
	}
}

const isDifferentiated = ({ gradient, inputs }: Row, peer: string) =>
	gradient !== false && peer !== "numpy" && Object.values(inputs).some(isFloat);
const expressions = asked.map(({ row, peer, setup }) => {
	const inputs = Object.entries(row.inputs).map(([name, x]) => [name, sentNumbers(x)]);
	return [peer, setup, row[peer], Object.fromEntries(inputs), isDifferentiated(row, peer)];
});
const outcomes = askPeers<Outcome[]>(join(import.meta.dirname, "peers.py"), {
	expressions,
	weights,
});

let [failed, values, gradients] = [0, 0, 0];
for (const [i, { family, row, peer }] of asked.entries()) {
	const fail = (why: string) => {
		failed++;
		console.log(`✗ ${family}, ${row.name}, ${peer}: ${why}`);
	};
	const { value, gradient = {}, error } = outcomes[i]!;
	if (error !== undefined) {
		fail(error);
		continue;
	}
	const isNarrow = Object.values(row.inputs).some(({ dtype }) => dtype === "float32");
	const { tolerance = isNarrow ? 1e-5 : 1e-12 } = row;
	try {
		const ours = leaves(row.ours(row.inputs)).map(sentNumbers);
		if (ours.length !== value!.length) fail(`${ours.length} results are not ${value!.length}`);
		for (const [k, by] of value!.slice(0, ours.length).entries()) {
			values++;
			const why = difference(ours[k]!, by, tolerance);
			if (why !== null) fail(why);
		}
		if (!isDifferentiated(row, peer)) continue;
		for (const [name, by] of Object.entries(gradientOf(row))) {
			gradients++;
			const why = difference(by, gradient[name]!, tolerance);
			if (why !== null) fail(`the gradient by ${name}: ${why}`);
		}
	} catch (error) {
		fail(String(error));
	}
}
console.log(`${asked.length} rows: ${values} values and ${gradients} gradients compared`);
process.exitCode = failed > 0 ? 1 : 0;
