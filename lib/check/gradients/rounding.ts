import type { Linearization } from "../../autodiff/linearization.ts";
import { compose, LinearMap } from "../../linear-map.ts";
import type { Node } from "../../node.ts";
import * as random from "../../random/index.ts";
import type { Tensor } from "../../tensor.ts";
import { epsilonOf } from "./point.ts";

/**
 * The same graph, with every tangent and cotangent on its way rounded once more, at random, up or down by up to one unit: how far
 * results move apart shows what rounding does to a derivative, also where large terms cancel.
 */
export function withRounding(graph: Linearization, key: Tensor): Linearization {
	let rounded = 0;
	const round = new LinearMap("rounding", (dx) => {
		const epsilon = epsilonOf(dx.dtype);
		const { shape, dtype } = dx;
		const factor = random.uniform(random.foldIn(key, rounded++), shape, {
			low: 1 - epsilon,
			high: 1 + epsilon,
		});
		return dx.mul(factor.astype(dtype));
	});
	const nodes = graph.nodes.map((node): Node => {
		const { op } = node;
		if (op?.differential == null) return node;
		const { differential } = op;
		const rounding: typeof differential = (...at) => {
			const map = differential(...at);
			return map === null ? null : compose(round, map, round);
		};
		return { ...node, op: { ...op, differential: rounding } };
	});
	return { ...graph, nodes };
}
