import { ModuleBuilder } from "../../lib/asm/assembler.ts";
import { importScalars, scalarImports } from "../../lib/backends/wasm/elementwise/expression.ts";
import { type DefinedLoop, defineElementwise } from "../../lib/backends/wasm/elementwise/loop.ts";
import { defineSlices } from "../../lib/backends/wasm/reduce/slices.ts";
import { records } from "../../lib/check/records.ts";
import type { Shape } from "../../lib/core/shape.ts";
import { type Expression, formulasIn } from "../../lib/schedule/expression.ts";
import { type Recipe, recipeFor } from "../../lib/schedule/recipes.ts";
import { operations as op } from "../operations.ts";
import { measure } from "./measure.ts";
import { numpyTimes } from "./numpy.ts";

const SIZE = 1_000_000;
const ROWS = 1000;
type Float = "float32" | "float64";

const x: Expression = { kind: "input", index: 0 };
const y: Expression = { kind: "input", index: 1 };

/** Something that is computed of a million elements, and how NumPy writes it. */
interface Case {
	readonly name: string;
	readonly numpy: string;
	readonly define: (m: ModuleBuilder) => DefinedLoop;
	readonly scalars: Record<string, (...x: number[]) => number>;
}

function elementwise(name: string, numpy: string, dtype: Float, value: Expression): Case {
	const operand = { dtype, strides: [1] };
	const loop = { shape: [SIZE], inputs: [operand, operand], outputs: [{ ...operand, value }] };
	const names = formulasIn([value]);
	return {
		name,
		numpy,
		scalars: scalarImports(names),
		define: (m) => defineElementwise(m, "run", loop, importScalars(m, names)),
	};
}

/** A reduction of a million elements, or of a thousand rows over one of the axes. */
function slices(
	name: string,
	numpy: string,
	dtype: Float,
	axis: 0 | 1 | null,
	recipe: (n: number) => Recipe,
): Case {
	const shape: Shape = axis === null ? [SIZE] : [ROWS, SIZE / ROWS];
	const { passes, perElement, value } = recipe(axis === null ? SIZE : shape[axis]!);
	const whole = axis === null ? [1] : [SIZE / ROWS, 1];
	const results = axis === null ? [0] : axis === 0 ? [0, 1] : [1, 0];
	const output = { dtype, strides: perElement ? whole : results, value, perElement };
	return {
		name,
		numpy,
		scalars: {},
		define: (m) =>
			defineSlices(
				m,
				"run",
				{
					shape,
					axes: [axis ?? 0],
					inputs: [
						{ dtype, strides: whole },
						{ dtype, strides: whole },
					],
					passes,
					outputs: [output],
				},
				importScalars(m, []),
			),
	};
}

function casesOf(dtype: Float): Case[] {
	const recipe = (name: string) => (n: number) =>
		recipeFor(records.find((op) => op.name === name)!.slices!.form(), {
			inputs: [{ of: x, dtype }],
			n,
			numbers: [0],
		});
	return [
		elementwise("add", "np.add(x, y, out=o)", dtype, op.add(dtype, x, y)),
		elementwise(
			"relu",
			"np.maximum(x, 0, out=o)",
			dtype,
			op.max(dtype, x, { kind: "constant", value: 0, dtype }),
		),
		elementwise("exp", "np.exp(x, out=o)", dtype, op.exp(dtype, x)),
		elementwise("log", "np.log(np.abs(x), out=o)", dtype, op.log(dtype, op.abs(dtype, x))),
		elementwise("tanh", "np.tanh(x, out=o)", dtype, op.tanh(dtype, x)),
		elementwise("sin", "np.sin(x, out=o)", dtype, op.sin(dtype, x)),
		slices("sum", "x.sum()", dtype, null, recipe("sum")),
		slices("sum of rows", "t.sum(1)", dtype, 1, recipe("sum")),
		slices("sum of columns", "t.sum(0)", dtype, 0, recipe("sum")),
		slices("max", "x.max()", dtype, null, recipe("max")),
		slices("variance", "x.var()", dtype, null, recipe("variance")),
		slices(
			"softmax of rows",
			"(lambda e: e / e.sum(1, keepdims=True))(np.exp(t - t.max(1, keepdims=True)))",
			dtype,
			1,
			recipe("softmax"),
		),
	];
}

/** Where the operands lie: x, y and the result, apart by as much as a million float64 take. */
const [X, Y, OUT] = [0, 8 * SIZE, 16 * SIZE];

function filledMemory(dtype: Float): WebAssembly.Memory {
	const memory = new WebAssembly.Memory({ initial: Math.ceil((24 * SIZE) / 65536) });
	const array = dtype === "float32" ? Float32Array : Float64Array;
	for (const at of [X, Y]) {
		const elements = new array(memory.buffer, at, SIZE);
		for (let i = 0; i < SIZE; i++) elements[i] = 3 * Math.sin(i * 1.37);
	}
	return memory;
}

function prepared({ define, scalars }: Case, memory: WebAssembly.Memory): () => void {
	const m = new ModuleBuilder({ pages: 1 });
	const { extent } = define(m);
	const module = new WebAssembly.Module(m.bytes());
	const { exports } = new WebAssembly.Instance(module, { env: { memory, ...scalars } });
	return () => (exports.run as (...args: number[]) => void)(X, Y, OUT, 0, extent);
}

/**
 * Prints how fast loops over a million elements are in WebAssembly, beside NumPy where Python has
 * it.
 */
export function loops(rounds: number): void {
	const rows = (["float32", "float64"] as const).flatMap((dtype) => {
		const cases = casesOf(dtype);
		const prepare = `x = (3 * np.sin(np.arange(${SIZE}) * 1.37)).astype("${dtype}")
y = x.copy(); o = np.empty_like(x); t = x.reshape(${ROWS}, -1)`;
		const expressions = Object.fromEntries(cases.map(({ name, numpy }) => [name, numpy]));
		const numpy = numpyTimes(prepare, expressions, 2 * rounds);
		const memory = filledMemory(dtype);
		return cases.map((one) => {
			// One after the other, as in NumPy, so that each finds in the caches what it left there; and
			// in enough rounds that the engine's better compiler has seen to it.
			const [timing] = measure([{ name: one.name, run: prepared(one, memory) }], 2 * rounds);
			const theirs = numpy?.[one.name];
			return {
				"a million elements": `${one.name}, ${dtype}`,
				"ms, best": timing!.best.toFixed(3),
				"ms, median": timing!.median.toFixed(3),
				"NumPy, best": theirs?.toFixed(3) ?? "missing",
				ratio: theirs === undefined ? "" : (timing!.best / theirs).toFixed(2),
			};
		});
	});
	console.table(rows);
}
