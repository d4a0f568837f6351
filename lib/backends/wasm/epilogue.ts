import type { Callee, ModuleBuilder } from "../../asm/assembler.ts";
import type { FunctionBuilder, Local } from "../../asm/function.ts";
import { i32 } from "../../asm/scalar.ts";
import { vectorsOf } from "../../asm/tile.ts";
import type { Epilogue } from "../../schedule/kernel.ts";
import { expressionWriter } from "./elementwise/expression.ts";
import type { VectorValue } from "./elementwise/value.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import type { Code } from "./math/floats.ts";
import type { EpilogueCode, MatrixProduct } from "./products/product.ts";

/** The rows of a result: how many there are in a sample or matrix, and the elements of each. */
export interface ResultRows {
	readonly count: number;
	readonly length: number;
}

/**
 * What the loop after a product, if it computes anything, makes of vectors of it. It takes the
 * addresses of its other inputs and those of all outputs, of which the first is where the whole
 * result begins: the product may be of one matrix of several, or of some rows of a result.
 */
export function epilogueOf(
	{ loop, readings }: Epilogue,
	rows: ResultRows,
	scalars: ScalarFunctions,
): Pick<MatrixProduct, "epilogue"> {
	const { outputs } = loop;
	if (outputs.length === 1 && outputs[0]!.value.kind === "input") return {};
	const dtype = outputs[0]!.dtype as MatrixProduct["dtype"];
	const type = vectorsOf(dtype);
	const begin: EpilogueCode["begin"] = (f, c, addresses) => {
		const code = f as Code;
		const [starts, writes] = [
			addresses.slice(0, readings.length),
			addresses.slice(readings.length),
		];
		const before = f.let(i32.sub(c, writes[0]!));
		const firstRow = i32.rem(i32.div(before, rows.length * type.bytes), Math.max(1, rows.count));
		const first = readings.includes("row") ? f.let(firstRow) : null;
		return ({ row, vectors, offset, inRow, sums }) => {
			const element = f.let(i32.add(before, offset));
			const others = readings.map((reading, i) => {
				const start = starts[i]!;
				if (reading === "single") return f.let(type.loadSplat(start));
				if (reading === "row") {
					const number = i32.mul(i32.add(first!, row), type.bytes);
					return f.let(type.loadSplat(i32.add(start, number)));
				}
				const from = f.let(i32.add(start, reading === "element" ? element : inRow));
				return vectors.map((at) => f.let(type.load(from, at)));
			});
			const computed = sums.map((sum, v) => {
				const loaded = others.map((other) => (Array.isArray(other) ? other[v]! : other));
				const inputs = [sum, ...loaded].map((vector) => blockOf(dtype, vector as Local<"v128">));
				const value = expressionWriter(code, { inputs }, scalars);
				return outputs.map((output) => value(output.value).parts[0]!);
			});
			return writes.map((out, k) => ({
				at: f.let(i32.add(out, element)),
				values: computed.map((values) => values[k]!),
			}));
		};
	};
	return { epilogue: { others: readings.length + outputs.length, begin } };
}

/**
 * Defines the function of a product and its epilogue, which takes the addresses of all that it
 * reads and writes, that of a workspace and a range. `body` gets them as products want them: those
 * of the operands and the result, and those that the epilogue takes.
 */
export function defineWithEpilogue(
	m: ModuleBuilder,
	name: string,
	{ loop, readings }: Epilogue,
	{ epilogue }: Pick<MatrixProduct, "epilogue">,
	body: (
		f: FunctionBuilder,
		operands: readonly [Local<"i32">, Local<"i32">, Local<"i32">],
		others: readonly Local<"i32">[],
		range: readonly [workspace: Local<"i32">, from: Local<"i32">, to: Local<"i32">],
	) => void,
): Callee<readonly "i32"[], "none"> {
	const count = 2 + readings.length + loop.outputs.length + 3;
	const params = Array.from({ length: count }, () => "i32" as const);
	return m.define(name, params, "none", (f, ...locals) => {
		const [a, b] = locals as [Local<"i32">, Local<"i32">];
		const others = epilogue === undefined ? [] : locals.slice(2, -3);
		const range = locals.slice(-3) as [Local<"i32">, Local<"i32">, Local<"i32">];
		body(f, [a, b, locals[2 + readings.length]!], others, range);
	});
}

/** A vector as a block of four elements: one of two float64 stands there twice. */
function blockOf(dtype: MatrixProduct["dtype"], vector: Local<"v128">): VectorValue {
	return { kind: dtype, parts: dtype === "float64" ? [vector, vector] : [vector] };
}
