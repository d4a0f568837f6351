import type { Callee, ModuleBuilder } from "../../../asm/assembler.ts";
import { FunctionBuilder, type Local } from "../../../asm/function.ts";
import { BYTES } from "../../../core/dtype.ts";
import { coalesce, withInnermost } from "../../../core/strided.ts";
import type { ElementwiseLoop } from "../../../schedule/kernel.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import type { Code } from "../math/floats.ts";
import { loadSplat, type Row } from "./access.ts";
import { type FourElements, forEachBlock } from "./blocks.ts";
import { expressionWriter } from "./expression.ts";
import { nest, type Range } from "./nest.ts";
import { storeBlocks } from "./store-blocks.ts";
import { LANES, type VectorValue } from "./value.ts";

/** A loop in a module, and how far its range goes. */
export interface DefinedLoop {
	/**
	 * Takes the addresses of the inputs and then of the outputs, and the range of the outermost axis:
	 * from, and to below.
	 */
	readonly callee: Callee<readonly "i32"[], "none">;
	/**
	 * The whole range is from 0 to this. Parts of it that begin at multiples of the grain may run at
	 * the same time.
	 */
	readonly extent: number;
	readonly grain: number;
}

/** What parts of the axis along which vectors lie begin at multiples of: two vectors are joined. */
export const ALONG_VECTORS = 8;

/**
 * Defines the function of a loop under a name. An output may lie where an input of the same layout
 * and size of element lies. The last elements of a row, fewer than a vector holds, pass through the
 * same code as the others and get the same bits.
 */
export function defineElementwise(
	m: ModuleBuilder,
	name: string,
	loop: ElementwiseLoop,
	scalars: ScalarFunctions,
): DefinedLoop {
	const operands = [...loop.inputs, ...loop.outputs];
	const joined = coalesce(
		loop.shape,
		operands.map(({ strides }) => ({ strides, offset: 0 })),
	);
	// Where the last axis is shorter than a vector, one that is not comes last.
	const long = joined.shape.findLastIndex((size) => size >= LANES);
	const { shape, layouts } =
		long >= 0 && joined.shape.at(-1)! < LANES ? withInnermost(joined, long) : joined;
	const sizes = shape.length === 0 ? [1] : shape;
	const params = Array.from({ length: operands.length + 2 }, () => "i32" as const);
	const callee = m.define(name, params, "none", (f, ...locals) => {
		const code = f as Code;
		const [from, to] = locals.slice(-2) as [Local<"i32">, Local<"i32">];
		const inner = sizes.length - 1;
		const strides = layouts.map((layout) => layout.strides[inner] ?? 1);
		const walked = operands.map(({ dtype }, k) => ({
			start: locals[k]!,
			steps: layouts[k]!.strides.map((stride) => stride * BYTES[dtype]),
		}));
		const whole = inner === 0;
		nest(code, sizes.slice(0, -1), walked, whole ? null : { from, to }, (pointers) => {
			const rows = operands.map(({ dtype }, k) => ({
				dtype,
				start: pointers[k]!,
				stride: strides[k]!,
			}));
			writeRow(code, loop, rows, whole ? { from, to } : sizes[inner]!, scalars);
		});
	});
	return { callee, extent: sizes[0]!, grain: sizes.length === 1 ? ALONG_VECTORS : 1 };
}

/** Code for blocks side by side that was found to be fastest, in bytes. */
const BYTES_ABREAST = 2400;

/**
 * How many blocks of four are computed side by side, given the code of one: enough to hide how long
 * an instruction takes, and no more than the registers hold; but pairs of vectors, which some
 * engines join into one of 256 bits.
 */
function blocksAbreast(write: (code: Code) => readonly VectorValue[]): number {
	const trial = new FunctionBuilder<"none">([]);
	const isSingle = write(trial as Code).every(({ parts }) => parts.length === 1);
	const bytes = trial.encode(undefined).length;
	const fitting = Math.max(1, Math.min(4, Math.floor(BYTES_ABREAST / bytes)));
	return isSingle ? fitting + (fitting % 2) : fitting;
}

/** The loop along the innermost axis, over a range of it or so many elements. */
function writeRow(
	code: Code,
	loop: ElementwiseLoop,
	rows: readonly Row[],
	part: Range | number,
	scalars: ScalarFunctions,
): void {
	const inputs = rows.slice(0, loop.inputs.length);
	const outputs = rows.slice(loop.inputs.length);
	// What is the same along the whole row is loaded before it.
	const spread = inputs.map((row) => (row.stride === 0 ? loadSplat(code, row) : null));
	const compute = (into: Code, loaded: readonly VectorValue[]): VectorValue[] => {
		const value = expressionWriter(into, { inputs: loaded }, scalars);
		return loop.outputs.map((output) => value(output.value));
	};
	const abreast = blocksAbreast((trial) =>
		compute(
			trial,
			inputs.map((row) => loadSplat(trial, row)),
		),
	);
	const load = (block: FourElements) => inputs.map((row, k) => spread[k] ?? block.load(row));
	forEachBlock(code, part, abreast, (blocks) =>
		storeBlocks(code, blocks, outputs, load, (values) => compute(code, values)),
	);
}
