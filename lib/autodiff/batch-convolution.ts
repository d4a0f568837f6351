import type { Channels, Geometry } from "../core/geometry.ts";
import { apply } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { moveAxis, reshape } from "../structure/layout.ts";
import type { Batch } from "./batch.ts";

/** What a tensor is in a convolution: two of them give the third. */
export type Role = "images" | "filters" | "results";

/** An axis of a convolution: two of the three tensors have it, or all. */
type Axis = "samples" | "groups" | "inputs" | "outputs";

/** The axes in front of height and width, groups apart from what they are groups of. */
const AXES: Record<Role, readonly Axis[]> = {
	images: ["samples", "groups", "inputs"],
	filters: ["groups", "outputs", "inputs"],
	results: ["samples", "groups", "outputs"],
};

type Params = Channels & { readonly geometry: Geometry };

/**
 * The convolutions of a batch as one: the batch is so many more samples, or channels, of the axis
 * that the tensor that has it shares with the result; where both have it, so many more groups.
 */
export function batchOfConvolutions(
	{ op, inputs, params, batched, size }: Batch<Params>,
	[first, second, out]: readonly [Role, Role, Role],
): Tensor {
	const { geometry, samples } = params;
	const { groups } = geometry;
	const [one, other] = batched[0] ? [first, second] : [second, first];
	const shared = AXES[one].find((axis) => AXES[out].includes(axis) && !AXES[other].includes(axis))!;
	const along: Axis = batched[0] && batched[1] ? "groups" : shared;
	const times = (axis: Axis, count: number) => (axis === along ? size * count : count);
	const sizes: Record<Axis, number> = {
		samples,
		groups,
		inputs: params.inputs / groups,
		outputs: params.outputs / groups,
	};
	/** The axes of a tensor with those of one kind merged: filters keep inputs apart. */
	const merged = (role: Role, count: (axis: Axis) => number): number[] => {
		const [a, b, c] = AXES[role].map(count) as [number, number, number];
		return role === "filters" ? [a * b, c] : [a, b * c];
	};
	const at = (role: Role) => AXES[role].indexOf(along);
	const given = inputs.map((x, i) => {
		if (!batched[i]) return x;
		const role = i === 0 ? first : second;
		const plane = x.shape.slice(-2);
		const apart = reshape(x, [size, ...AXES[role].map((axis) => sizes[axis]), ...plane]);
		const inside = moveAxis(apart, 0, at(role));
		return reshape(inside, [...merged(role, (axis) => times(axis, sizes[axis])), ...plane]);
	});
	const result = apply(op, given, {
		geometry: { ...geometry, groups: times("groups", groups) },
		samples: times("samples", samples),
		inputs: times("groups", groups) * times("inputs", sizes.inputs),
		outputs: times("groups", groups) * times("outputs", sizes.outputs),
	});
	const plane = result.shape.slice(-2);
	const apart = AXES[out].flatMap((axis) => (axis === along ? [size, sizes[axis]] : [sizes[axis]]));
	const inFront = moveAxis(reshape(result, [...apart, ...plane]), at(out), 0);
	return reshape(inFront, [size, ...merged(out, (axis) => sizes[axis]), ...plane]);
}
