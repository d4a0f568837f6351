import { sizeOf } from "../../../core/shape.ts";
import { coalesce } from "../../../core/strided.ts";
import type { ElementwiseLoop } from "../../../schedule/kernel.ts";
import { WgslExpressions } from "../wgsl/expression.ts";
import { indexOfElement, unravelled } from "../wgsl/indices.ts";
import { type ShaderOperand, type ShaderPlan, ShaderWriter } from "../wgsl/shader.ts";

/** Invocations of a workgroup. */
const LANES = 256;

/** A loop over elements: each invocation computes one of them. */
export function loopShaders(loop: ElementwiseLoop, operands: readonly ShaderOperand[]): ShaderPlan {
	const size = sizeOf(loop.shape);
	if (size === 0) return { shaders: [] };
	const m = new ShaderWriter(operands);
	const workgroups = Math.ceil(size / LANES);
	const walk = coalesce(
		loop.shape,
		[...loop.inputs, ...loop.outputs].map(({ strides }) => ({ strides, offset: 0 })),
	);
	const strides = walk.layouts.map((layout) => layout.strides);
	const { lines, indices } = unravelled("element", "i", walk.shape);
	const place = (k: number) => indexOfElement(indices, strides[k]!);
	const expressions = new WgslExpressions(m, (x) => {
		if (x.kind !== "input") throw new Error(`a loop over elements has no ${x.kind}`);
		return { text: m.load(x.index, place(x.index)), dtype: m.dtypeOf(x.index) };
	});
	const stores = storesOf(m, loop, expressions, loop.inputs.length, (j) =>
		place(loop.inputs.length + j),
	);
	const body = [
		`let element = group * ${LANES} + lane;`,
		...(size % LANES === 0 ? [] : [`if (element >= ${size}) { return; }`]),
		...lines,
		...stores,
	];
	return { shaders: [m.finish({ size: LANES, workgroups, body })] };
}

/**
 * Lines that store what a loop makes of the element of a product, which is its first input:
 * `product` is its text, an f32 or i32; `indices` are those of the element along each axis of the loop. The
 * other inputs are the operands from `firstInput` on, the outputs those from `firstOutput` on.
 */
export function epilogueLines(
	m: ShaderWriter,
	loop: ElementwiseLoop,
	product: string,
	indices: readonly string[],
	firstInput: number,
	firstOutput: number,
): string[] {
	const expressions = new WgslExpressions(m, (x) => {
		if (x.kind !== "input") throw new Error(`a loop over elements has no ${x.kind}`);
		const { dtype, strides } = loop.inputs[x.index]!;
		if (x.index === 0) return { text: product, dtype };
		return { text: m.load(firstInput + x.index - 1, indexOfElement(indices, strides)), dtype };
	});
	return storesOf(m, loop, expressions, firstOutput, (j) =>
		indexOfElement(indices, loop.outputs[j]!.strides),
	);
}

/** Lines that compute all outputs of a loop, and then store them. */
function storesOf(
	m: ShaderWriter,
	{ outputs }: ElementwiseLoop,
	expressions: WgslExpressions,
	first: number,
	place: (output: number) => string,
): string[] {
	const written = outputs.map(({ value }) => expressions.write(value));
	return [
		...written.flatMap(({ lines }) => lines),
		...written.map(({ text }, j) => m.store(first + j, place(j), text)),
	];
}
