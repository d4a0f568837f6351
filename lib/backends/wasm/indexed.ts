import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Expr } from "../../asm/expression.ts";
import type { Local } from "../../asm/function.ts";
import { f64, i32, select } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import { coalesce } from "../../core/strided.ts";
import type { Expression } from "../../schedule/expression.ts";
import type { Index, IndexedLoop, KernelOperand } from "../../schedule/kernel.ts";
import * as operations from "../../schedule/operations.ts";
import type { Row } from "./elementwise/access.ts";
import { forEachBlock } from "./elementwise/blocks.ts";
import { expressionWriter } from "./elementwise/expression.ts";
import type { DefinedLoop } from "./elementwise/loop.ts";
import { nest, type Range } from "./elementwise/nest.ts";
import { loadNumber, storeNumber } from "./elementwise/number.ts";
import { fail } from "./math/failure.ts";
import type { Code } from "./math/floats.ts";

/**
 * Defines the function of such a loop: it takes the addresses of the source, the indices and the
 * target, and the range. For an index out of range it does nothing and fails, as for an int32 that
 * overflows.
 */
export function defineIndexed(m: ModuleBuilder, name: string, loop: IndexedLoop): DefinedLoop {
	const { source, target, indices, each } = loop;
	const operands = [source, indices, target];
	const { shape, layouts } = coalesce(
		loop.shape,
		operands.map(({ strides }) => ({ strides, offset: 0 })),
	);
	// Where the index stays the same along the innermost axis and the target does not, that is a row.
	const isRow = layouts[1]!.strides.at(-1) === 0 && layouts[2]!.strides.at(-1) !== 0;
	const inner = isRow ? shape.length - 1 : shape.length;
	const [row] = shape.slice(inner);
	// Parts of the outermost axis may run at the same time where they cannot meet in the target.
	const parts = inner > 0 && layouts[2]!.strides[0] !== 0;
	const alongRow = !parts && row !== undefined;
	const extent = parts ? shape[0]! : alongRow ? row : 1;
	const once = parts || alongRow ? [] : [1];
	const callee = m.define(name, ["i32", "i32", "i32", "i32", "i32"], "none", (f, ...locals) => {
		const code = f as Code;
		const [from, to] = locals.slice(3) as [Local<"i32">, Local<"i32">];
		const range: Range = { from, to };
		const walked = operands.map(({ dtype }, k) => ({
			start: locals[k]!,
			steps: [...once, ...layouts[k]!.strides].map((stride) => stride * BYTES[dtype]),
		}));
		const sizes = [...once, ...shape.slice(0, inner)];
		nest(code, sizes, walked, alongRow ? null : range, (pointers) => {
			const [start, index, end] = pointers as [Local<"i32">, Local<"i32">, Local<"i32">];
			const { distance, isInside } = reached(code, index, each, loop[loop.indexed]);
			const move = () => {
				const moved = (pointer: Local<"i32">) => code.let(i32.add(pointer, distance));
				const [read, write] = loop.indexed === "source" ? [moved(start), end] : [start, moved(end)];
				if (row === undefined) {
					moveOne(code, loop, read, write);
					return;
				}
				const [stride, , targetStride] = layouts.map(({ strides }) => strides.at(-1)!);
				const rows = [
					{ dtype: source.dtype, start: read, stride: stride! },
					{ dtype: target.dtype, start: write, stride: targetStride! },
				] as const;
				moveRow(code, loop, rows, alongRow ? range : row);
			};
			code.if(isInside, move, () => fail(code));
		});
	});
	return { callee, extent, grain: alongRow ? 8 : 1 };
}

/** How far away the indices say, in bytes, and whether all of them are in range. */
function reached(
	code: Code,
	pointer: Local<"i32">,
	each: readonly Index[],
	{ dtype }: KernelOperand,
): { distance: Expr<"i32">; isInside: Expr<"i32"> } {
	let distance: Expr<"i32"> = i32.const(0);
	let isInside: Expr<"i32"> = i32.const(1);
	for (const { at, size, stride, wraps } of each) {
		const index = code.let(i32.load(i32.add(pointer, at * BYTES.int32)));
		if (wraps) code.set(index, select(i32.lt(index, 0), i32.add(index, size), index));
		// A negative number is a large one without its sign.
		isInside = i32.and(isInside, i32.ltU(index, size));
		distance = i32.add(distance, i32.mul(index, stride * BYTES[dtype]));
	}
	return { distance, isInside };
}

function moveOne(
	code: Code,
	{ source, target, adds }: IndexedLoop,
	read: Local<"i32">,
	write: Local<"i32">,
): void {
	const value = loadNumber(source.dtype, read);
	const there = loadNumber(target.dtype, write);
	storeNumber(code, target.dtype, write, adds ? f64.add(there, value) : value);
}

function moveRow(
	code: Code,
	{ adds }: IndexedLoop,
	[read, write]: readonly [Row, Row],
	part: Range | number,
): void {
	forEachBlock(code, part, 2, (blocks) => {
		const values = blocks.map((block) => {
			const value = block.load(read);
			if (!adds) return value;
			const [there, more] = [0, 1].map((index): Expression => ({ kind: "input", index }));
			const sum = operations.sumOf(write.dtype, there!, more!);
			return expressionWriter(code, { inputs: [block.load(write), value] }, new Map())(sum);
		});
		for (const [b, block] of blocks.entries()) block.store(write, values[b]!);
	});
}
