import { type Shader, type ShaderOperand, ShaderWriter } from "../../shader.ts";
import { FactorWriter } from "./factor.ts";
import { definePut4, type Finish } from "./stores.ts";
import { indented, plus, range } from "./text.ts";
import { invocationsOf, type Products, partsOf, type ShaderTile, workgroupsOf } from "./tile.ts";

/**
 * Products by blocks of the result, one for each workgroup, which brings blocks of both factors to
 * its memory again and again. The terms of each element are added in the order of k, one after the
 * other, with fused multiply-add where the device has it: so all tiles give the same bits.
 *
 * Where a part has fewer terms than there are, the sums of the parts are stored like batches, those
 * of a part beside each other.
 */
export function blocksShader(
	operands: readonly ShaderOperand[],
	products: Products,
	part: number,
	tile: ShaderTile,
	finish: Finish,
): Shader {
	const { batch, m: rows, n: columns, k, left, right } = products;
	const m = new ShaderWriter(operands);
	const isWhole = k % tile.depth === 0;
	const a = blockOf(m, new FactorWriter(m, "left", left, isWhole), tile.rows, tile);
	const b = blockOf(m, new FactorWriter(m, "right", right, isWhole), tile.columns, tile);
	definePut4(m, products.target, columns, finish);
	const along = Math.ceil(columns / tile.columns);
	const down = Math.ceil(rows / tile.rows);
	const parts = partsOf(k, part);
	const matrix = parts > 1 ? `batch % ${batch}` : "batch";
	const body = [
		`let batch = group / ${along * down};`,
		`let first_row = group / ${along} % ${down} * ${tile.rows};`,
		`let first_column = group % ${along} * ${tile.columns};`,
		`let begin = ${parts > 1 ? `batch / ${batch} * ${part}` : 0};`,
		`let end = ${parts > 1 ? `min(begin + ${part}, ${k})` : k};`,
		...a.begin(matrix, "first_row"),
		...b.begin(matrix, "first_column"),
		...sumsOf(tile, [...a.fill, ...b.fill]),
		...putsOf(tile, rows),
	];
	const workgroups = parts * workgroupsOf(products, tile);
	return m.finish({ size: invocationsOf(tile), workgroups, body });
}

/**
 * A block of a factor in the workgroup's memory: vectors of four lines, those of a term beside each
 * other.
 */
interface Block {
	/** Finds the places of the lines that an invocation loads, from the first line of the block. */
	begin(matrix: string, first: string): readonly string[];
	/** Fills the block with the terms from `k` on. */
	readonly fill: readonly string[];
}

/** The one of these that goes with how the factor lies in memory. */
function blockOf(m: ShaderWriter, writer: FactorWriter, lines: number, tile: ShaderTile): Block {
	const { name } = writer;
	m.define(
		`${name}_block`,
		`var<workgroup> ${name}_block: array<vec4<f32>, ${(tile.depth * lines) / 4}>;`,
	);
	const size = invocationsOf(tile);
	const block = { writer, lines, size, depth: tile.depth };
	return writer.factor.along === "lines" ? blockOfLines(block) : blockOfTerms(block);
}

interface BlockSizes {
	readonly writer: FactorWriter;
	readonly lines: number;
	readonly depth: number;
	readonly size: number;
}

/** Each invocation loads a term of four lines, and then the same lines of later terms. */
function blockOfLines({ writer, lines, depth, size }: BlockSizes): Block {
	const { name } = writer;
	const step = (4 * size) / lines;
	const passes = Array.from({ length: Math.ceil(depth / step) }, (_, i) => i * step);
	const places = writer.crosses ? [0] : [0, 1, 2, 3];
	const names = places.map((i) => `${name}_line${i}`);
	const fill = [
		...passes.map((pass, i) => {
			const loaded = writer.across(names, plus("k", `${name}_term`, pass), "end");
			return `let ${name}_loaded${i} = ${loaded};`;
		}),
		...passes.map((pass, i) => {
			const at = `(${plus(`${name}_term`, pass)}) * ${lines / 4} + ${name}_four`;
			return `${name}_block[${at}] = ${name}_loaded${i};`;
		}),
	];
	return {
		begin: (matrix, first) => [
			`let ${name}_four = lane % ${lines / 4};`,
			`let ${name}_term = lane / ${lines / 4};`,
			...linesFrom(writer, names, matrix, `${first} + ${name}_four * 4`),
		],
		fill: step > depth ? [`if (${name}_term < ${depth}) {`, ...indented(fill), "}"] : fill,
	};
}

/**
 * Each invocation loads four terms of four lines, and transposes them; there are invocations enough
 * for all. The last ones load the right factor, since the first ones may be all that the left one
 * needs.
 */
function blockOfTerms({ writer, lines, depth, size }: BlockSizes): Block {
	const { name } = writer;
	const count = (lines * depth) / 16;
	const names = [0, 1, 2, 3].map((i) => `${name}_line${i}`);
	const skipped = name === "left" ? 0 : size - count;
	const fill = [
		...names.map((line, i) => {
			return `let ${name}_run${i} = ${writer.run(line, `k + ${name}_term`, "end")};`;
		}),
		...names.map((_, j) => {
			const four = names.map((_, i) => `${name}_run${i}[${j}]`).join(", ");
			const at = `(${plus(`${name}_term`, j)}) * ${lines / 4} + ${name}_four`;
			return `${name}_block[${at}] = vec4<f32>(${four});`;
		}),
	];
	const own = `${name}_lane >= 0 && ${name}_lane < ${count}`;
	return {
		begin: (matrix, first) => [
			`let ${name}_lane = lane - ${skipped};`,
			`let ${name}_four = ${name}_lane / ${depth / 4};`,
			`let ${name}_term = ${name}_lane % ${depth / 4} * 4;`,
			...linesFrom(writer, names, matrix, `${first} + ${name}_four * 4`),
		],
		fill: count === size ? fill : [`if (${own}) {`, ...indented(fill), "}"],
	};
}

/** The places of lines from one on; beyond the last one stands the last, whose sums are not used. */
function linesFrom(writer: FactorWriter, names: readonly string[], matrix: string, from: string) {
	const last = writer.factor.lines - (writer.crosses ? 4 : 1);
	return names.map((name, i) => {
		return `let ${name} = ${writer.line(matrix, `min(${plus(from, i)}, ${last})`)};`;
	});
}

/** The sums of an invocation: `sum3_1` are four columns of its row 3, the second ones. */
function sumsOf({ rows, columns, depth, rowsEach, columnsEach }: ShaderTile, fill: string[]) {
	const [wide, high] = [columns / columnsEach, rows / rowsEach];
	const [down, across] = [range(rowsEach / 4), range(columnsEach / 4)];
	const each = down.flatMap((i) => [0, 1, 2, 3].map((j) => ({ i, j, row: 4 * i + j })));
	return [
		`let x = lane % ${wide};`,
		`let y = lane / ${wide};`,
		...each.flatMap(({ row }) => across.map((c) => `var sum${row}_${c} = vec4<f32>();`)),
		`for (var k = begin; k < end; k += ${depth}) {`,
		"	workgroupBarrier();",
		...indented(fill),
		"	workgroupBarrier();",
		`	for (var term = 0; term < ${depth}; term++) {`,
		...down.map(
			(i) => `		let left${i} = left_block[term * ${rows / 4} + ${plus("y", i * high)}];`,
		),
		...across.map((c) => {
			return `		let right${c} = right_block[term * ${columns / 4} + ${plus("x", c * wide)}];`;
		}),
		...each.flatMap(({ i, j, row }) =>
			across.map(
				(c) => `		sum${row}_${c} = fma(vec4<f32>(left${i}[${j}]), right${c}, sum${row}_${c});`,
			),
		),
		"	}",
		"}",
	];
}

function putsOf({ rows, columns, rowsEach, columnsEach }: ShaderTile, count: number): string[] {
	const [wide, high] = [columns / columnsEach, rows / rowsEach];
	return range(rowsEach / 4).flatMap((i) => [
		`let row${i} = first_row + ${four("y", i * high)};`,
		...range(4).flatMap((j) => [
			`if (${plus(`row${i}`, j)} < ${count}) {`,
			...range(columnsEach / 4).map((c) => {
				const column = `first_column + ${four("x", c * wide)}`;
				return `	put4(batch, ${plus(`row${i}`, j)}, ${column}, sum${4 * i + j}_${c});`;
			}),
			"}",
		]),
	]);
}

function four(text: string, more: number): string {
	return more === 0 ? `${text} * 4` : `(${text} + ${more}) * 4`;
}
