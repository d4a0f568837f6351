import { allocate, type DType, type TypedArray } from "../core/dtype.ts";
import { shapeBehind } from "../core/lead.ts";
import type { Derivative } from "../core/linear-map.ts";
import type { Draw, Op } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";

/** What every draw needs besides its key. */
export type DrawParams = {
	readonly shape: Shape;
};

/** What states a draw of random numbers. */
export interface DrawRule<Name extends string, P extends DrawParams> {
	readonly name: Name;
	readonly lowering?: Op<Name, P>["lowering"];
	readonly dtype: (params: P) => DType;
	/** Fills `out` with what the key gives; `rest` are the op's inputs but for the key, row-major. */
	readonly fill: (
		out: TypedArray,
		key0: number,
		key1: number,
		params: P,
		rest: readonly TypedArray[],
	) => void;
	/**
	 * The derivative by input `i`, counted with the key, where a sample moves with a parameter; left
	 * out: it is constant.
	 */
	readonly differential?: (i: number, inputs: readonly Tensor[], out: Tensor) => Derivative | null;
	/** In NumPy's notation, `rng` standing for a generator made from the key. */
	readonly print: (rng: string, params: P, rest: readonly string[]) => string;
	/** In JAX's notation; it names a helper of the export. */
	readonly jax: (key: string, params: P, rest: readonly string[]) => string;
	/** Draws what the op is tried on, but for the key. */
	readonly sample: (draw: Draw) => { readonly params: P; readonly rest?: readonly Tensor[] };
}

/**
 * An op that draws random numbers: a function of its first input, a key, and as a rule constant
 * with respect to every other. As any op it is recorded, so that a program that is traced draws
 * anew for each key that it is given.
 */
/* @__NO_SIDE_EFFECTS__ */
export function randomOp<Name extends string, P extends DrawParams>(
	rule: DrawRule<Name, P>,
): Op<Name, P> {
	return {
		name: rule.name,
		lowering: rule.lowering,
		lead: shapeBehind,
		infer: (_, params) => ({ shape: params.shape, dtype: rule.dtype(params) }),
		evaluate: ([key, ...rest], params, { shape, dtype }) => {
			const out = allocate(dtype, sizeOf(shape));
			// Of several keys, each draws its part.
			const keys = elements(key!);
			const count = keys.length / 2;
			const given = rest.map(elements);
			const part = <T extends TypedArray>(x: T, i: number): T =>
				x.subarray((i * x.length) / count, ((i + 1) * x.length) / count) as T;
			for (let i = 0; i < count; i++) {
				const [key0, key1] = part(keys, i);
				const own = given.map((x) => part(x, i));
				rule.fill(part(out, i), key0!, key1!, params, own);
			}
			return new Tensor(out, dtype, shape);
		},
		differential: rule.differential ?? null,
		print: ([key, ...rest], params) => rule.print(`np.random.default_rng(${key})`, params, rest),
		jax: ([key, ...rest], params) => rule.jax(key!, params, rest),
		sample: (draw) => {
			const key = Int32Array.of(draw.integer(-1e9, 1e9), draw.integer(-1e9, 1e9));
			const { params, rest = [] } = rule.sample(draw);
			return { inputs: [new Tensor(key, "int32", [2]), ...rest], params };
		},
	};
}
