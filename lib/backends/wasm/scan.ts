import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Local } from "../../asm/function.ts";
import { i32 } from "../../asm/scalar.ts";
import { f32x4, f64x2 } from "../../asm/simd.ts";
import { BYTES, type DType } from "../../core/dtype.ts";
import { coalesce } from "../../core/strided.ts";
import { argument, inOrder } from "../../scalar/scalar.ts";
import { specialized, truthConstant } from "../../scalar/specialize.ts";
import type { ScanLoop } from "../../schedule/kernel.ts";
import { termOnVectors } from "./elementwise/instructions.ts";
import type { DefinedLoop } from "./elementwise/loop.ts";
import { inlined } from "./elementwise/lowering.ts";
import { nest } from "./elementwise/nest.ts";
import { loadNumber, storeNumber } from "./elementwise/number.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import type { Code, Vector } from "./math/floats.ts";

/**
 * Defines the function of such lines: it takes the addresses of the inputs and the output, and a
 * range of the outermost of the other axes. Each line is carried on in float64; the code fails for
 * an int32 that overflows.
 */
export function defineScan(
	m: ModuleBuilder,
	name: string,
	loop: ScanLoop,
	scalars: ScalarFunctions,
): DefinedLoop {
	const { axis, inputs, output, reverse, exclusive } = loop;
	const operands = [...inputs, output];
	const stepIn = (isFirst: boolean) => {
		const args = [argument(0), truthConstant(isFirst), ...inputs.map((_, i) => argument(i + 2))];
		return inlined(specialized(loop.step, args));
	};
	const n = loop.shape[axis]!;
	const beginsApart =
		n > 0 && inOrder(loop.step).some((part) => part.kind === "argument" && part.index === 1);
	const { shape, layouts } = coalesce(
		loop.shape.toSpliced(axis, 1),
		operands.map(({ strides }) => ({ strides: strides.toSpliced(axis, 1), offset: 0 })),
	);
	const lines = shape.length === 0 ? [1] : shape;
	const params = Array.from({ length: operands.length + 2 }, () => "i32" as const);
	const callee = m.define(name, params, "none", (f, ...locals) => {
		const code = f as Code;
		const [from, to] = locals.slice(-2) as [Local<"i32">, Local<"i32">];
		const walked = operands.map(({ dtype }, k) => ({
			start: locals[k]!,
			steps: lines.map((_, i) => (layouts[k]!.strides[i] ?? 0) * BYTES[dtype]),
		}));
		const steps = operands.map(
			({ dtype, strides }) => strides[axis]! * BYTES[dtype] * (reverse ? -1 : 1),
		);
		nest(code, lines, walked, { from, to }, (firsts) => {
			const pointers = firsts.map((first, k) =>
				code.let(i32.add(first, reverse ? -steps[k]! * (n - 1) : 0)),
			);
			const carried = code.let(f64x2.const(loop.start));
			// Only the first of the two lanes counts.
			const advance = (isFirst: boolean) => {
				const elements = inputs.map(({ dtype }, i) => code.let(loadFirst(dtype, pointers[i]!)));
				const value = code.let(
					termOnVectors(
						code,
						stepIn(isFirst),
						[carried, undefined, ...elements],
						"float64",
						scalars,
					),
				);
				const stored = f64x2.extract(exclusive ? carried : value, 0);
				storeNumber(code, output.dtype, pointers.at(-1)!, stored);
				code.set(carried, value);
				for (const [i, pointer] of pointers.entries()) {
					code.set(pointer, i32.add(pointer, steps[i]!));
				}
			};
			if (beginsApart) advance(true);
			code.for(beginsApart ? 1 : 0, n, 1, () => advance(false));
		});
	});
	return { callee, extent: lines[0]!, grain: 1 };
}

/** An element as float64 in the first lane. */
function loadFirst(dtype: DType, at: Local<"i32">): Vector {
	if (dtype === "float64") return f64x2.loadZero(at);
	if (dtype === "float32") return f64x2.promote(f32x4.loadZero(at));
	return f64x2.splat(loadNumber(dtype, at));
}
