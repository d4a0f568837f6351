import type { LoweringParams } from "../../core/op-lowering.ts";
import type { Instruction } from "../../program/program.ts";
import { convolutionNodes } from "./convolutions.ts";
import { formulaNodes } from "./elements.ts";
import { fusedProduct } from "./fused-products.ts";
import {
	alongAxisAddedNodes,
	alongAxisNodes,
	oneHotNodes,
	partsAddedNodes,
	partsNodes,
	tuplesAddedNodes,
	tuplesNodes,
} from "./indexing.ts";
import { formOfEvaluated } from "./op-forms.ts";
import { movedNodes, placeNodes, triangleNodes, turnedNodes, windowsAddedNodes } from "./places.ts";
import { outerProductNodes, productNodes } from "./products.ts";
import { chanceNodes, keyNodes, uniformNodes, wholeNumberNodes } from "./random.ts";
import { scanNodes } from "./scans.ts";
import type { NodeForm } from "./site.ts";
import { sliceNodes } from "./slices.ts";
import { viewNodes } from "./views.ts";

/** What an op's record says of how it runs; loops and choices are no forms, but graphs. */
interface Said extends Omit<LoweringParams, "repeat" | "while" | "choice"> {
	formula: unknown;
	slices: unknown;
	scan: unknown;
}

/**
 * What instructions become, by what their op's record says, as in the schedule's own table; null
 * for what ONNX has no word for.
 */
const forms = {
	formula: () => (site) => fusedProduct(site) ?? formulaNodes(site),
	slices: () => sliceNodes,
	scan: () => scanNodes,
	evaluation: formOfEvaluated,
	view: () => viewNodes,
	cast:
		() =>
		({ graph, operands, element }) =>
			graph.cast(operands[0]!, element),
	product: () => productNodes,
	"outer product": () => outerProductNodes,
	convolution: (_, params) => convolutionNodes("result", params),
	"convolution to images": (_, params) => convolutionNodes("image", params),
	"convolution to filters": (_, params) => convolutionNodes("filter", params),
	scatter: () => windowsAddedNodes,
	placement: () => placeNodes,
	"added placements": () => placeNodes,
	displacement: (_, { steps, axis }) => movedNodes(axis, steps),
	rotation: (_, { shift, axis }) => turnedNodes(axis, shift),
	"lower triangle": (_, { k }) => triangleNodes("lower", k),
	"upper triangle": (_, { k }) => triangleNodes("upper", k),
	"random key": (_, { stream }) => keyNodes(stream),
	"random number": () => uniformNodes,
	"random whole number": (_, { low, high }) => wholeNumberNodes(low, high),
	"random chance": () => chanceNodes,
	parts: (_, { axis }) => partsNodes(axis),
	"parts added": (_, { axis }) => partsAddedNodes(axis),
	"along axis": (_, { axis }) => alongAxisNodes(axis),
	"along axis added": (_, { axis }) => alongAxisAddedNodes(axis),
	tuples: () => tuplesNodes,
	"tuples added": () => tuplesAddedNodes,
	ones: () => oneHotNodes,
} satisfies { [K in keyof Said]: (step: Instruction, params: Said[K]) => NodeForm | null };

/** How an instruction is written; null where ONNX has no word for it. */
export function formFor(step: Instruction): NodeForm | null {
	const { op } = step;
	const said = op.formula ? "formula" : op.slices ? "slices" : op.scan ? "scan" : op.lowering;
	const form = forms[(said ?? "evaluation") as keyof Said] as (
		step: Instruction,
		params: unknown,
	) => NodeForm | null;
	return form(step, step.params);
}
