import { sizeOf } from "../../../core/shape.ts";
import { coalesce } from "../../../core/strided.ts";
import type { ElementwiseLoop } from "../../../schedule/kernel.ts";
import { WgslExpressions } from "../elementwise/expression.ts";
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
	const written = loop.outputs.map(({ value }) => expressions.write(value));
	const body = [
		`let element = group * ${LANES} + lane;`,
		...(size % LANES === 0 ? [] : [`if (element >= ${size}) { return; }`]),
		...lines,
		...written.flatMap(({ lines }) => lines),
		...written.map(({ text }, j) => {
			const output = loop.inputs.length + j;
			return m.store(output, place(output), text);
		}),
	];
	return { shaders: [m.finish({ size: LANES, workgroups, body })] };
}
