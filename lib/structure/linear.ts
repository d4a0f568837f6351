import { type LinearMap, linearMap, type Placement } from "../core/linear-map.ts";
import type { LoopForm } from "../core/loop-form.ts";
import { apply, type Draw, type Op, type Sample, type TensorType } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import type { RuleKind } from "../core/rule.ts";
import type { Tensor } from "../core/tensor.ts";
import type { OpTraits } from "../core/traits.ts";

interface Described<Name extends string, P extends Data> {
	readonly name: Name;
	readonly infer: (inputs: readonly Tensor[], params: P) => TensorType;
	readonly evaluate: (inputs: readonly Tensor[], params: P, type: TensorType) => Tensor;
	readonly typescript?: Op<Name, P>["typescript"];
	readonly latex?: Op<Name, P>["latex"];
	readonly loops?: Op<Name, P>["loops"];
	readonly scan?: Op<Name, P>["scan"];
	readonly rule?: RuleKind;
	readonly print: (args: readonly string[], params: P) => string;
	readonly traits?: OpTraits<P>;
	readonly lead?: Op<Name, P>["lead"];
	readonly batch?: Op<Name, P>["batch"];
	readonly lowering?: Op<Name, P>["lowering"];
	readonly sample?: (draw: Draw) => Sample<P>;
	readonly conventions?: Op<Name, P>["conventions"];
}

/**
 * What states an op that is linear in its first argument; further ones (indices) are not
 * differentiated.
 */
export interface LinearRule<Name extends string, P extends Data> extends Described<Name, P> {
	/** From a cotangent of the result to one of the first argument, which had the type `from`. */
	readonly transpose: (
		g: Tensor,
		params: P,
		from: TensorType,
		...rest: readonly Tensor[]
	) => Tensor;
	/**
	 * Of a transpose that puts the cotangent in a place of a tensor of zeros: which, so that many are
	 * summed in one.
	 */
	readonly placement?: (params: P, from: TensorType, ...rest: readonly Tensor[]) => Placement;
}

/** A linear op: its derivative is the op itself, so only the transpose has to be said. */
/* @__NO_SIDE_EFFECTS__ */
export function linear<Name extends string, P extends Data>(
	rule: LinearRule<Name, P>,
): Op<Name, P> {
	const { transpose, placement, ...described } = rule;
	const op: Op<Name, P> = {
		rule: described.traits?.view || movesElements(described.loops) ? "arrangement" : "linear",
		...described,
		traits: { ...described.traits, linear: true },
		differential: (i, inputs, _, params) => {
			if (i > 0) return null;
			const x = inputs[0]!;
			const rest = inputs.slice(1);
			return linearMap(
				rule.name,
				(dx) => apply(op, [dx, ...rest], params),
				(g) => transpose(g, params, x, ...rest),
				placement && { transpose: placement(params, x, ...rest) },
			);
		},
	};
	return op;
}

/** Whether the result consists of elements of the argument and zeros. */
function movesElements<P>(loops: LoopForm<P> | undefined): boolean {
	return loops !== undefined && ["element", "order", "place"].includes(loops.kind);
}

/** What states an op that is linear in each of its two arguments. */
export interface BilinearRule<Name extends string, P extends Data> extends Described<Name, P> {
	/** The transposes of x ↦ op(x, w) and of w ↦ op(x, w): from a cotangent of the result. */
	readonly transposes: readonly [
		(g: Tensor, x: Tensor, w: Tensor, params: P) => Tensor,
		(g: Tensor, x: Tensor, w: Tensor, params: P) => Tensor,
	];
}

/**
 * A bilinear op, a product of some kind: d op(x, w) = op(dx, w) + op(x, dw), so only the two
 * transposes have to be said.
 */
/* @__NO_SIDE_EFFECTS__ */
export function bilinear<Name extends string, P extends Data>(
	rule: BilinearRule<Name, P>,
): Op<Name, P> {
	const { transposes, ...described } = rule;
	const op: Op<Name, P> = {
		rule: "bilinear",
		...described,
		differential: (i, inputs, _, params): LinearMap => {
			const [x, w] = inputs as [Tensor, Tensor];
			return i === 0
				? linearMap(
						`${rule.name} with the second argument`,
						(dx) => apply(op, [dx, w], params),
						(g) => transposes[0](g, x, w, params),
					)
				: linearMap(
						`${rule.name} with the first argument`,
						(dw) => apply(op, [x, dw], params),
						(g) => transposes[1](g, x, w, params),
					);
		},
	};
	return op;
}
