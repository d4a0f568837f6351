import { type Shader, type ShaderOperand, ShaderWriter } from "../../wgsl/shader.ts";
import { FactorWriter } from "./factor.ts";
import { definePut4, type Finish } from "./stores.ts";
import { deeper, range, sumText, vectorOf } from "./text.ts";
import { invocationsOf, type Products, type ShaderTile, sumPartsOf, workgroupsOf } from "./tile.ts";

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
	const parts = sumPartsOf(k, part);
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
	const fill = [
		...passes.flatMap((pass, i) => writer.across(i, sumText("k", `${name}_first`, pass))),
		...passes.map((pass, i) => {
			const at = `(${sumText(`${name}_first`, pass)}) * ${lines / 4} + ${name}_slot`;
			return `${name}_block[${at}] = ${name}_across${i};`;
		}),
	];
	return {
		begin: (matrix, first) => [
			`let ${name}_slot = lane % ${lines / 4};`,
			`let ${name}_first = lane / ${lines / 4};`,
			...writer.fourLines(matrix, `${first} + ${name}_slot * 4`),
		],
		fill: step > depth ? [`if (${name}_first < ${depth}) {`, ...deeper(fill), "}"] : fill,
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
	const skipped = name === "left" ? 0 : size - count;
	const fill = [
		...writer.runs(4, 4, `k + ${name}_first`),
		...range(4).map((j) => {
			const four = vectorOf(range(4).map((i) => `${name}_run${i}[${j}]`));
			const at = `(${sumText(`${name}_first`, j)}) * ${lines / 4} + ${name}_slot`;
			return `${name}_block[${at}] = ${four};`;
		}),
	];
	const own = `${name}_lane >= 0 && ${name}_lane < ${count}`;
	return {
		begin: (matrix, first) => [
			`let ${name}_lane = lane - ${skipped};`,
			`let ${name}_slot = ${name}_lane / ${depth / 4};`,
			`let ${name}_first = ${name}_lane % ${depth / 4} * 4;`,
			...writer.lines(4, matrix, `${first} + ${name}_slot * 4`),
		],
		fill: count === size ? fill : [`if (${own}) {`, ...deeper(fill), "}"],
	};
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
		...deeper(fill),
		"	workgroupBarrier();",
		`	for (var term = 0; term < ${depth}; term++) {`,
		...down.map(
			(i) => `		let left${i} = left_block[term * ${rows / 4} + ${sumText("y", i * high)}];`,
		),
		...across.map((c) => {
			return `		let right${c} = right_block[term * ${columns / 4} + ${sumText("x", c * wide)}];`;
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
			`if (${sumText(`row${i}`, j)} < ${count}) {`,
			...range(columnsEach / 4).map((c) => {
				const column = `first_column + ${four("x", c * wide)}`;
				return `	put4(batch, ${sumText(`row${i}`, j)}, ${column}, sum${4 * i + j}_${c});`;
			}),
			"}",
		]),
	]);
}

function four(text: string, more: number): string {
	return more === 0 ? `${text} * 4` : `(${text} + ${more}) * 4`;
}
