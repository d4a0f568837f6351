import type { Data } from "../core/params.ts";
import { showShape } from "../core/shape.ts";
import { bodiesOf, type Constant, type Program, type Value } from "./program.ts";

/**
 * A program as stable text: an instruction a line, with the type of its result.
 *
 *     (a: float64 (2×3), b: float64 (3×1)) {
 *       %0: float64 (2×1) = dot(a, b)
 *       return %0
 *     }
 *
 * The programs that an op runs follow its line, indented.
 */
export function printProgram({ inputs, instructions, outputs }: Program): string {
	const names = new Map<Value, string>();
	for (const [i, input] of inputs.entries()) names.set(input, letter(i));
	for (const [i, step] of instructions.entries()) names.set(step, `%${i}`);
	const show = (value: Value) =>
		value.kind === "constant" ? printConstant(value.tensor) : names.get(value)!;
	const typed = (value: Value) =>
		`${names.get(value)}: ${value.type.dtype} ${showShape(value.type.shape)}`;
	return [
		`(${inputs.map(typed).join(", ")}) {`,
		...instructions.flatMap((step) => {
			const args = [...step.inputs.map(show), ...printParams(step.params)];
			const bodies = bodiesOf(step.op).flatMap((body) => printProgram(body).split("\n"));
			return [
				`  ${typed(step)} = ${step.op.name}(${args.join(", ")})`,
				...bodies.map((line) => `    ${line}`),
			];
		}),
		`  return ${outputs.map(show).join(", ")}`,
		"}",
	].join("\n");
}

/** a, …, z, then a1, b1, …. */
function letter(i: number): string {
	const round = Math.floor(i / 26);
	return String.fromCharCode(97 + (i % 26)) + (round === 0 ? "" : round);
}

const LONGEST = 40;

/** The number that all elements are, or the elements; those of a large tensor are left out. */
function printConstant(x: Constant["tensor"]): string {
	if (x.size > 0 && x.strides.every((stride, i) => stride === 0 || x.shape[i] === 1)) {
		return String(x.array[x.offset]);
	}
	const text = JSON.stringify(x.toArray());
	return text.length <= LONGEST ? text : `${x.dtype} ${showShape(x.shape)} constant`;
}

function printParams(params: Data): string[] {
	if (params === null || params === undefined) return [];
	if (typeof params !== "object" || Array.isArray(params)) return [printData(params)];
	return Object.entries(params).map(([name, value]) => `${name}=${printData(value)}`);
}

/** As JSON, which lacks some data: −0, NaN, bigints, and what is undefined. */
function printData(x: Data): string {
	if (typeof x === "string") return JSON.stringify(x);
	if (typeof x === "bigint") return `${x}n`;
	if (Object.is(x, -0)) return "-0";
	if (typeof x !== "object" || x === null) return String(x);
	if (Array.isArray(x)) return `[${Array.from(x, printData)}]`;
	const entries = Object.entries(x).map(
		([key, each]) => `${JSON.stringify(key)}:${printData(each)}`,
	);
	return `{${entries}}`;
}
