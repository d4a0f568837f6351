import { debugState } from "../debug-state.ts";
import type { LinearMap } from "../linear-map.ts";
import { asMap } from "../maps/as-map.ts";
import type { Node } from "../node.ts";

/** The linear map of argument `i` at a node; null where the result does not vary with it. */
export function differentialOf(node: Node, i: number): LinearMap | null {
	debugState.differentiating = node;
	return asMap(node.op!.differential!(i, node.inputs, node.value, node.params));
}
