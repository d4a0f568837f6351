import { isRowMajor } from "../../../../core/shape.ts";
import { inputsIn } from "../../../../schedule/expression.ts";
import type { Epilogue, Reading } from "../../../../schedule/kernel.ts";
import { Unsupported } from "../../../backend.ts";
import { WgslExpressions } from "../../wgsl/expression.ts";
import type { ShaderWriter } from "../../wgsl/shader.ts";
import { deeper, range, stridedIndex, sumText, vectorOf } from "./text.ts";

/** Where the elements of products go. */
export interface Target {
	/** The index in the result of the one of the matrix `batch` at `row` and `column`. */
	readonly element: string;
	/** The index by which a loop after it reads what there is one of for each row. */
	readonly row: string;
	/** Whether four columns from a multiple of four on are neighbours from a multiple of four on. */
	readonly fours: boolean;
}

/** A loop after products, and the operands that it reads and writes, as kernels number them. */
export interface Finish extends Epilogue {
	readonly reads: readonly number[];
	readonly writes: readonly number[];
}

const indexes = {
	element: () => "element",
	column: () => "column",
	row: ({ row }) => row,
	single: () => "0",
} satisfies Record<Reading, (target: Target) => string>;

/** Defines `put(batch, row, column, total)`, which stores an element of the result. */
export function definePut(m: ShaderWriter, target: Target, finish: Finish): void {
	const { readings, reads, writes } = finish;
	const others = readings.map((reading, i) => m.load(reads[i]!, indexes[reading](target)));
	define(m, "put", "total: f32", [
		`let element = ${target.element};`,
		...writes.map((write, k) => {
			return m.store(
				write,
				placeIn(finish, k, "element"),
				writtenValue(m, finish, k)("total", others),
			);
		}),
	]);
}

/**
 * Defines `put4(batch, row, column, sums)`, which stores the elements of a row from a column on
 * that is a multiple of four, as far as there are columns.
 */
export function definePut4(m: ShaderWriter, target: Target, columns: number, finish: Finish): void {
	if (!target.fours || columns % 4 !== 0) {
		definePut(m, target, finish);
		const puts = range(4).map((j) => {
			const column = sumText("column", j);
			return `if (${column} < ${columns}) { put(batch, row, ${column}, sums[${j}]); }`;
		});
		define(m, "put4", "sums: vec4<f32>", puts);
		return;
	}
	const { loop, readings, reads, writes } = finish;
	const isVector = writes.map((write, k) => {
		return isRowMajor(loop.shape, loop.outputs[k]!.strides) && m.vectors(write);
	});
	const others = readings.map((reading, i) => {
		const loaded = fourOf(m, reads[i]!, reading, indexes[reading](target));
		return `let x${i + 1} = ${loaded};`;
	});
	const stores = writes.flatMap((write, k) => {
		const value = writtenValue(m, finish, k);
		const values = range(4).map((j) =>
			value(
				`sums[${j}]`,
				readings.map((_, i) => `x${i + 1}[${j}]`),
			),
		);
		if (isVector[k]) return m.store4(write, "element", vectorOf(values));
		return values.map((value, j) =>
			m.store(write, placeIn(finish, k, `(${sumText("element", j)})`), value),
		);
	});
	define(m, "put4", "sums: vec4<f32>", [
		`if (column >= ${columns}) { return; }`,
		`let element = ${target.element};`,
		...others,
		...stores,
	]);
}

/** What is read for four neighbours. */
function fourOf(m: ShaderWriter, operand: number, reading: Reading, index: string): string {
	if (reading === "row" || reading === "single") return `vec4<f32>(${m.load(operand, index)})`;
	if (m.vectors(operand)) return m.load4(operand, index);
	return vectorOf(range(4).map((j) => m.load(operand, sumText(index, j))));
}

/** Where an output has an element of the result. */
function placeIn({ loop }: Finish, output: number, element: string): string {
	const { shape, outputs } = loop;
	const { strides } = outputs[output]!;
	return isRowMajor(shape, strides) ? element : stridedIndex(element, shape, strides);
}

/** The value of an output from a sum and what else is read, by a function where there is one. */
function writtenValue(m: ShaderWriter, { loop }: Finish, output: number) {
	const { value } = loop.outputs[output]!;
	if (value.kind === "input" && value.index === 0) return (sum: string) => sum;
	const used = [...inputsIn([value])].sort((a, b) => a - b);
	const expressions = new WgslExpressions(m, (x) => {
		if (x.kind !== "input") throw new Unsupported(`no ${x.kind} after a product`);
		return { text: `x${x.index}`, dtype: loop.inputs[x.index]!.dtype };
	});
	const { lines, text } = expressions.write(value);
	const name = `value${output}`;
	const params = used.map((index) => `x${index}: f32`).join(", ");
	const body = deeper([...lines, `return ${text};`]);
	m.define(name, [`fn ${name}(${params}) -> f32 {`, ...body, "}"].join("\n"));
	return (sum: string, others: readonly string[]) => {
		return `${name}(${used.map((index) => [sum, ...others][index]).join(", ")})`;
	};
}

function define(m: ShaderWriter, name: string, value: string, body: readonly string[]): void {
	const head = `fn ${name}(batch: i32, row: i32, column: i32, ${value}) {`;
	m.define(name, [head, ...deeper(body), "}"].join("\n"));
}
