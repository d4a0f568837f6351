import type { Local } from "../../../asm/function.ts";
import { i32, select } from "../../../asm/scalar.ts";
import { i32x4, v128 } from "../../../asm/simd.ts";
import { BYTES, type DType } from "../../../core/dtype.ts";
import type { Expression } from "../../../schedule/expression.ts";
import type { Row } from "../elementwise/access.ts";
import type { Range } from "../elementwise/nest.ts";
import { toMask, type VectorValue } from "../elementwise/value.ts";
import type { ScalarFunctions } from "../math/calls.ts";
import type { Code, Vector } from "../math/floats.ts";
import type { RunningLoop } from "./keep.ts";

/** The axes of a loop after those that can be walked as one have been joined. */
export interface SliceNest {
	readonly loop: RunningLoop;
	readonly scalars: ScalarFunctions;
	readonly sizes: readonly number[];
	/** The axes that tell slices apart, and those along a slice. */
	readonly kept: readonly number[];
	readonly reduced: readonly number[];
	/**
	 * For each input, then each output and then what is kept: its dtype, address and strides in
	 * elements.
	 */
	readonly operands: readonly {
		readonly dtype: DType;
		readonly start: Local<"i32">;
		readonly strides: readonly number[];
	}[];
}

/** Values, and the numbers of the operands in whose rows they are stored. */
export type Stores = readonly { readonly operand: number; readonly value: Expression }[];

/** What the loop stores in the end: values of each element, or of each slice. */
export function storesOf({ inputs, outputs }: RunningLoop, ofElements: boolean): Stores {
	return outputs.flatMap(({ perElement, value }, k) =>
		perElement === ofElements ? [{ operand: inputs.length + k, value }] : [],
	);
}

/** How a nest of loops over some of the axes walks the operands, from these addresses on. */
export function walking(
	{ operands }: SliceNest,
	axes: readonly number[],
	starts: readonly Local<"i32">[],
) {
	return operands.map(({ dtype, strides }, k) => ({
		start: starts[k]!,
		steps: axes.map((axis) => strides[axis]! * BYTES[dtype]),
	}));
}

/** The rows of all operands from these addresses on, along the innermost axis. */
export function rowsAt({ operands, sizes }: SliceNest, pointers: readonly Local<"i32">[]): Row[] {
	return operands.map(({ dtype, strides }, k) => ({
		dtype,
		start: pointers[k]!,
		stride: strides[sizes.length - 1]!,
	}));
}

/** How many elements a slice has. */
export function elementsPerSlice({ reduced, sizes }: SliceNest): number {
	return reduced.reduce((n, axis) => n * sizes[axis]!, 1);
}

/** How many terms are added up before their sum is added with compensation. */
const RUN = 1024;

/** Whether slices are so long that sums of them are compensated. */
export function needsRuns(slices: SliceNest): boolean {
	return elementsPerSlice(slices) > RUN;
}

/** The parts of an axis that are summed by themselves. */
export function forEachPart(code: Code, size: number, body: (part: Range | number) => void): void {
	if (size <= RUN) {
		body(size);
		return;
	}
	code.for(0, size, RUN, (from) => {
		const end = code.let(i32.add(from, RUN));
		body({ from, to: code.let(select(i32.lt(end, size), end, i32.const(size))) });
	});
}

/** Runs code where not all lanes of all tests are true; without a test, always. */
export function whereNeeded(code: Code, tests: readonly VectorValue[], body: () => void): void {
	if (tests.length === 0) body();
	else {
		const masks: Vector[] = tests.flatMap((test) => toMask(code, test, 32).parts);
		const all = masks.reduce((a, b) => v128.and(a, b));
		code.if(i32.eqz(i32x4.allTrue(all)), body);
	}
}
