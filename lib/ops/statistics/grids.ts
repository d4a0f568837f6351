import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { type CreateOptions, linspace } from "../../core/create.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor, vector } from "../../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../../core/options.ts";
import { checkList, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { broadcastTo } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import { astype } from "../cast.ts";

/** Options of `meshgrid`. */
export interface MeshgridOptions {
	/** `xy`, the default: the first vector runs along the second axis; `ij`: along the first. */
	readonly indexing?: "xy" | "ij";
}

/**
 * The coordinates of a grid: for each vector a tensor with an axis for each of them, in which it
 * runs along its own. Views.
 * @throws ShapeError for tensors of more than one axis
 */
export function meshgrid(vectors: readonly TensorLike[], options?: MeshgridOptions): Tensor[] {
	const { indexing = "xy" } = checkOptions("meshgrid", options, { indexing: ["xy", "ij"] });
	checkList("meshgrid", "an array of vectors", vectors);
	const given = vectors.map((x) => asTensor("meshgrid", x));
	const wrong = given.find(({ rank }) => rank > 1);
	if (wrong !== undefined) {
		throw new ShapeError(`meshgrid: expected vectors, got shape ${showShape(wrong.shape)}`);
	}
	// The first two change places.
	const axes = given.map((_, i) => (indexing === "xy" && given.length > 1 && i < 2 ? 1 - i : i));
	const shape = axes.map((axis) => given[axis]!.size);
	return given.map((x, i) =>
		broadcastTo(
			reshape(
				x,
				shape.map((_, axis) => (axis === axes[i] ? x.size : 1)),
			),
			shape,
		),
	);
}

/** Options of `logspace`. */
export interface LogspaceOptions extends CreateOptions {
	/** Left out: 10. */
	readonly base?: number;
}

const LOGSPACE: OptionKinds<LogspaceOptions> = { base: kind.positive, dtype: kind.dtype };

/**
 * `count` numbers from base^start to base^stop, both included, whose logarithms are evenly spaced.
 * Float64 unless `dtype` says otherwise, which rounds whole numbers towards 0.
 * @throws DomainError when a number is not finite, or the base not above 0
 * @throws ShapeError when `count` is not a whole number of at least 0
 */
export function logspace(
	start: number,
	stop: number,
	count = 50,
	options?: LogspaceOptions,
): Tensor {
	const { base = 10, dtype = "float64" } = checkOptions("logspace", options, LOGSPACE);
	for (const [name, x] of Object.entries({ start, stop })) {
		checkArgument("logspace", name, x, kind.finite);
	}
	return calledAs("logspace", () => {
		const exponents = linspace(start, stop, count).data;
		return astype(vector(Array.from(exponents, (exponent) => base ** exponent)), dtype);
	});
}
