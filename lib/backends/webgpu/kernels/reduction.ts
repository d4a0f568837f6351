import { subexpressions } from "../../../schedule/expression.ts";
import { expressionsIn, type SliceLoop } from "../../../schedule/kernel.ts";
import type { ShaderOperand, ShaderPlan } from "../wgsl/shader.ts";
import { Lanes } from "./reduce/lanes.ts";
import { plannedPasses } from "./reduce/passes.ts";
import { SegmentStates } from "./reduce/segments.ts";
import { sliceShader } from "./reduce/slices.ts";

/**
 * Slices that are reduced or normalized: by one shader where a workgroup goes over whole slices.
 * Long ones are cut into segments, for one workgroup each: a shader for each pass then leaves what
 * comes of the segments, which all that follow put together.
 * @throws Unsupported for what is not the same in float32
 */
export function reductionShaders(loop: SliceLoop, operands: readonly ShaderOperand[]): ShaderPlan {
	const { shape, axes, inputs, outputs } = loop;
	const lanes = new Lanes({
		...{ shape, axes },
		strides: [...inputs, ...outputs].map(({ strides }) => strides),
		isOrdered: subexpressions(expressionsIn({ kind: "reduction", loop })).some(
			({ kind }) => kind === "position",
		),
	});
	if (lanes.count === 0) return { shaders: [] };
	const { passes, values } = plannedPasses(loop, lanes.n);
	const work = { loop, lanes, passes, values };
	if (lanes.segments === 1) {
		return { shaders: [sliceShader({ ...work, operands, states: null, until: null })] };
	}
	const combiners = passes.flatMap(({ reductions }) => reductions.map((one) => one.combiner));
	const states = new SegmentStates(operands.length, lanes, combiners);
	const reducing = [...passes.keys()].filter((k) => passes[k]!.reductions.length > 0);
	const shaders = [...reducing, null].map((until) =>
		sliceShader({ ...work, operands: states.with(operands), states, until }),
	);
	return { shaders, temporaries: [states.temporary] };
}
