import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { drawFrom, numbersFrom } from "../lib/check/sampling.ts";
import { isFloat } from "../lib/core/dtype.ts";
import { apply, type Op, type Sample } from "../lib/core/op.ts";
import type { Data } from "../lib/core/params.ts";
import { sameShape } from "../lib/core/shape.ts";
import type { Tensor } from "../lib/core/tensor.ts";
import { ExpressionWriter } from "../lib/derivation/draft/expressions.ts";
import { type RuleTerm, ruleTerms } from "../lib/derivation/explanations/rule-formulas.ts";
import { forMarkdown } from "../lib/derivation/printers/markdown.ts";
import { numpyText } from "../lib/derivation/printers/numpy.ts";
import { latexOf, numpyOf } from "../lib/notation/forms.ts";
import type { Value } from "../lib/program/program.ts";

const ops = join(import.meta.dirname, "../lib/ops");
const NAMES = ["x", "y", "z"];

const PREFACE = `# The rules

What \`npx tsx spec/fill-rules.ts\` writes, from the records of the ops: no line of it is written by hand. For each op its
linear maps were recorded on sample arguments, simplified and printed in NumPy's notation, as in a derivation.

- \`x\`, \`y\`, \`z\` are the arguments and \`out\` is the result; where shapes matter they are those of the sample, and axes,
  paddings and the like are the sample's as well.
- **Differential**: how \`out\` changes when the arguments change by \`dx\`, \`dy\`, \`dz\`. The lines add up. It is what forward mode does.
- **Reverse mode**: the transpose of each of these linear maps, applied to \`g\`, the gradient that arrives at \`out\`. Nothing is stated
  twice: it follows from the differential.
- Arguments of different shapes are stretched before an op is applied (\`broadcastTo\`), so the rules see equal shapes.
- A long term that is used twice has a line of its own, \`t1 = …\`; \`…\` at the end of a call stands for the options that the value shows.
- A function that NumPy lacks (\`softmax\`, \`unslice\`) is defined by the program that a derivation prints.
`;

/** The document of the rules: a table for each family of ops. */
export async function rulesDocument(): Promise<string> {
	const exported = readFileSync(join(ops, "index.ts"), "utf8").matchAll(/from "(\.{1,2}\/.+)"/g);
	const files = [...exported].map(([, file]) => file!);
	const families = await Promise.all([...files, "./internal.ts"].map(familyOf));
	const shown = families.filter(({ records }) => records.length > 0);
	const sorted = shown.sort((a, b) => (a.title < b.title ? -1 : 1));
	return [PREFACE, ...sorted.map(section)].join("\n");
}

interface Family {
	readonly title: string;
	readonly records: readonly Op[];
}

async function familyOf(file: string): Promise<Family> {
	const name = basename(file, ".ts").replaceAll("-", " ");
	const records = Object.values(await import(join(ops, file))).flatMap((value) =>
		typeof value === "function" && "op" in value ? [value.op as Op] : [],
	);
	return { title: name[0]!.toUpperCase() + name.slice(1), records };
}

function section({ title, records }: Family): string {
	const constant = records.filter((op) => op.differential === null);
	const rows = records.filter((op) => op.differential !== null).map(row);
	const head = ["| Op | Value | Differential | Reverse mode |", "| --- | --- | --- | --- |"];
	const remarks = records.flatMap((op) => {
		const remark = op.remark?.(NAMES).en;
		return remark === undefined ? [] : [`- \`${op.name}\`: ${remark}`];
	});
	const names = constant.map(({ name }) => `\`${name}\``).join(", ");
	const parts = [
		rows.length === 0 ? [] : [...head, ...rows],
		remarks,
		names === ""
			? []
			: [`Constant almost everywhere, so nothing goes back through them: ${names}.`],
	];
	const filled = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
	return [`## ${title}`, ...filled].join("\n\n").concat("\n");
}

function row(op: Op): string {
	const { inputs, params } = plainestSample(op);
	const args = NAMES.slice(0, inputs.length);
	const rules = args.flatMap((name, argument) => {
		const types = inputs.map(({ shape, dtype }) => ({ shape, dtype }));
		const symbols = { args, out: "out", argument, tangent: `d${name}`, cotangent: "g" };
		const terms = ruleTerms({ op, params, types, ...symbols });
		return terms === null ? [] : [{ name, terms }];
	});
	const value = numpyOf(op, args, params);
	const varies = isFloat(op.infer(inputs, params).dtype);
	const shapes = inputs.map(({ shape }, i) => `${args[i]}: ${shape.join("×")}`).join(", ");
	const differential = rules.flatMap(({ terms }) => linesOf("", terms.differential));
	const reverse = rules.flatMap(({ name, terms }) => linesOf(`grad_${name} = `, terms.transposed));
	return `| ${[
		`\`${op.name}\` $${forMarkdown([latexOf(op, args, params)])}$`,
		code([value]) + (op.traits?.elementwise ? "" : `<br>${shapes}`),
		...(varies
			? [
					code(differential.map((line) => withoutOptions(line, value))),
					code(reverse.map((line) => withoutOptions(line, value))),
				]
			: ["constant: the result is not float", "nothing goes back"]),
	].join(" | ")} |`;
}

/**
 * Of many samples the one that shows most and reads best: of rank 2, with no axis of size 1,
 * varying, and short.
 */
function plainestSample(op: Op): Sample<Data> {
	const samples = Array.from({ length: 200 }, (_, seed) =>
		op.sample!(drawFrom(numbersFrom(seed + 1))),
	);
	const cost = ({ inputs, params }: Sample<Data>): number => {
		const out = apply(op, inputs, params);
		const sizes = inputs.flatMap(({ shape }) => shape);
		const isSame = isEqual(out, inputs[0]!);
		const isTrivial = isSame || !isFloat(out.dtype);
		return (
			1000 * (sizes.filter((size) => size === 0).length + (isTrivial ? 1 : 0)) +
			50 * inputs.reduce((sum, { rank }) => sum + Math.abs(rank - 2), 0) +
			20 * (sizes.length - new Set(sizes.filter((size) => size > 1)).size) +
			numpyOf(op, NAMES, params).length
		);
	};
	const costs = samples.map(cost);
	return samples[costs.indexOf(Math.min(...costs))]!;
}

function isEqual(x: Tensor, y: Tensor): boolean {
	if (x.dtype !== y.dtype || !sameShape(x.shape, y.shape)) return false;
	return x.data.every((each, i) => Object.is(each, y.data[i]));
}

/**
 * From this length on a term that is used again has a line of its own, and options that are said
 * again are left out.
 */
const LONG = 25;

/**
 * A line that ends in the options of the value, such as stride and padding, with `…` in their
 * place.
 */
function withoutOptions(line: string, value: string): string {
	let length = 0;
	while (length < line.length && line.at(-1 - length) === value.at(-1 - length)) length++;
	const same = line.slice(line.length - length);
	const options = /, \w+=.*$/.exec(same)?.[0] ?? "";
	return options.length < LONG ? line : `${line.slice(0, -options.length)}, …)`;
}

/**
 * A rule in NumPy's notation, on its last line after `before`; long terms that it uses again stand
 * before it.
 */
function linesOf(before: string, { value, names }: RuleTerm): string[] {
	const known = new Map(names);
	const lines: string[] = [];
	for (const term of usedAgain(value, names)) {
		const text = numpyText(new ExpressionWriter(known).definition(term));
		if (text.length < LONG) continue;
		const name = `t${lines.length + 1}`;
		lines.push(`${name} = ${text}`);
		known.set(term, name);
	}
	return [...lines, before + numpyText(new ExpressionWriter(known).reference(value))];
}

/** The values that stand more than once in a value's text, inner ones first. */
function usedAgain(value: Value, names: ReadonlyMap<Value, string>): Value[] {
	const uses = new Map<Value, number>();
	const visit = (x: Value): void => {
		if (x.kind !== "instruction" || names.has(x)) return;
		if (!uses.has(x)) for (const input of x.inputs) visit(input);
		// Counted last, an inner value comes before the one that is made of it.
		uses.set(x, (uses.get(x) ?? 0) + 1);
	};
	visit(value);
	return [...uses].flatMap(([x, count]) => (count > 1 ? [x] : []));
}

function code(lines: readonly string[]): string {
	return lines.map((line) => `\`${line.replaceAll("|", "\\|")}\``).join("<br>");
}
