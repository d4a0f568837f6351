import { rowMajorStrides, sizeOf } from "../../../../core/shape.ts";
import type { Epilogue } from "../../../../schedule/kernel.ts";
import { Unsupported } from "../../../backend.ts";
import {
	type Shader,
	type ShaderOperand,
	type ShaderPlan,
	ShaderWriter,
	type Temporary,
} from "../../wgsl/shader.ts";
import { withTemporaries } from "../../wgsl/temporaries.ts";
import { blocksShader } from "./blocks.ts";
import { dotsOf, dotsShader, isThin } from "./dots.ts";
import { definePut, type Finish, type Target } from "./stores.ts";
import { type Products, type ShaderTile, sumPartsOf, termsInPart } from "./tile.ts";

/**
 * The shaders of products whose results are parts of one that an epilogue stores: by this tile, or
 * for thin ones by sums of their own.
 * @throws Unsupported for float64
 */
export function productsPlan(
	operands: readonly ShaderOperand[],
	all: readonly Products[],
	tile: ShaderTile,
	{ loop, readings }: Epilogue,
): ShaderPlan {
	if (loop.inputs[0]!.dtype !== "float32") throw new Unsupported("no products of float64");
	const writes = loop.outputs.map((_, i) => 2 + readings.length + i);
	const finish: Finish = { loop, readings, reads: readings.map((_, i) => 2 + i), writes };
	const temporaries: Temporary[] = [];
	const shaders = all.flatMap((products) => {
		const { batch, m, n, k } = products;
		if (batch * m * n === 0) return [];
		const dots = isThin(products) ? dotsOf(products) : null;
		const part = dots?.part ?? termsInPart(products);
		const parts = sumPartsOf(k, part);
		const shader = (known: readonly ShaderOperand[], to: Products, finish: Finish) => {
			if (dots !== null) return dotsShader(known, to, dots, finish);
			return blocksShader(known, to, part, tile, finish);
		};
		if (parts === 1) return [shader(operands, products, finish)];
		const shape = [parts, batch, m, n];
		temporaries.push({ dtype: "float32", size: sizeOf(shape) });
		const known = withTemporaries(operands, temporaries);
		const target: Target = {
			element: `(batch * ${m} + row) * ${n} + column`,
			row: "row",
			fours: true,
		};
		const stored = storedAlone(shape, known.length - 1);
		return [
			shader(known, { ...products, target }, stored),
			sumShader(known, products, parts, finish),
		];
	});
	return { shaders, temporaries };
}

/** An epilogue that stores sums of this shape as they are. */
function storedAlone(shape: readonly number[], write: number): Finish {
	const whole = { dtype: "float32", strides: rowMajorStrides(shape) } as const;
	const value = { kind: "input", index: 0 } as const;
	const loop = { shape, inputs: [whole], outputs: [{ ...whole, value }] };
	return { loop, readings: [], reads: [], writes: [write] };
}

/** Adds the parts of sums, which are the last operand, in their order. */
function sumShader(
	operands: readonly ShaderOperand[],
	{ batch, m: rows, n: columns, target }: Products,
	parts: number,
	finish: Finish,
): Shader {
	const m = new ShaderWriter(operands);
	const from = operands.length - 1;
	const size = batch * rows * columns;
	definePut(m, target, finish);
	const body = [
		"let item = group * 256 + lane;",
		`if (item >= ${size}) { return; }`,
		`var sum = ${m.load(from, "item")};`,
		`for (var part = 1; part < ${parts}; part++) { sum += ${m.load(from, `part * ${size} + item`)}; }`,
		`put(item / ${rows * columns}, item / ${columns} % ${rows}, item % ${columns}, sum);`,
	];
	return m.finish({ size: 256, workgroups: Math.ceil(size / 256), body });
}
