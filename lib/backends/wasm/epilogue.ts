import type { Local } from "../../asm/function.ts";
import { i32 } from "../../asm/scalar.ts";
import { vectorsOf } from "../../asm/tile.ts";
import type { Finished } from "../../schedule/steps.ts";
import { evaluator } from "./elementwise/expression.ts";
import type { Value } from "./elementwise/value.ts";
import { addressOf, type Locations } from "./locations.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import type { Code } from "./math/floats.ts";
import type { Finish, Product } from "./products/product.ts";

/** The rows of a result: how many there are in a sample or matrix, and the elements of each. */
export interface Rows {
	readonly count: number;
	readonly length: number;
}

/** What the loop, if it computes anything, makes of vectors of the product. */
export function finishOf(
	{ loop, reads, writes, readings }: Finished,
	rows: Rows,
	locations: Locations,
	scalars: ScalarFunctions,
): Pick<Product, "finish"> {
	const { outputs } = loop;
	if (outputs.length === 1 && outputs[0]!.value.kind === "input") return {};
	const dtype = outputs[0]!.dtype as Product["dtype"];
	const type = vectorsOf(dtype);
	const finish: Finish = (f, c) => {
		const code = f as Code;
		// The product may be of one matrix of several, or of some rows of a result.
		const before = f.let(i32.sub(c, addressOf(writes[0]!, locations)));
		const firstRow = i32.rem(i32.div(before, rows.length * type.bytes), Math.max(1, rows.count));
		const first = readings.includes("row") ? f.let(firstRow) : null;
		return ({ row, vectors, offset, inRow, sums }) => {
			const element = f.let(i32.add(before, offset));
			const others = readings.map((reading, i) => {
				const start = addressOf(reads[i + 2]!, locations);
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
				const value = evaluator(code, { inputs }, scalars);
				return outputs.map((output) => value(output.value).parts[0]!);
			});
			return writes.map((out, k) => ({
				at: f.let(i32.add(addressOf(out, locations), element)),
				values: computed.map((values) => values[k]!),
			}));
		};
	};
	return { finish };
}

/** A vector as a block of four elements: one of two float64 stands there twice. */
function blockOf(dtype: Product["dtype"], vector: Local<"v128">): Value {
	return { kind: dtype, parts: dtype === "float64" ? [vector, vector] : [vector] };
}
