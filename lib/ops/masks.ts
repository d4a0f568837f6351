import type { Binary } from "../core/lift.ts";
import { LinearMap } from "../core/linear-map.ts";
import type { Tensor } from "../core/tensor.ts";
import { elementwise } from "../kinds/elementwise.ts";
import { elementwiseProduct } from "../notation/mathematics.ts";
import * as s from "../scalar/index.ts";
import { astype } from "./cast.ts";

// What the elementwise linear maps are made of: their products, and the masks of the ops with a
// kink.

/**
 * g · factor, and exactly 0 where g is 0, whatever the factor: how a derivative is scaled. A branch
 * that a mask has cut off has g = 0, and stays cut off where its own derivative is infinite or NaN.
 * Elementwise; arguments broadcast.
 */
export const scale: Binary<"scale"> = elementwise(2, {
	name: "scale",
	formula: (g, factor) => s.select(s.equal(g, 0), 0, s.mul(g, factor)),
	partials: [(_, factor) => factor, (g) => scalingTangent(g)],
	latex: elementwiseProduct,
	print: (g, factor) => `scaled(${g}, ${factor})`,
	traits: { algebra: { powers: [1, 1], absorbing: "first" } },
});

/** d ↦ g ∘ d, where g is a derivative too. */
function scalingTangent(g: Tensor): LinearMap {
	return new LinearMap("scaleTangent", (d) => scaleTangent(g, d));
}

/**
 * g · d, where both are derivatives, and so exactly 0 where either is 0: how the derivative of
 * `scale` is scaled. A branch that is cut off may show as a 0 in either of them, beside an infinity
 * in the other. Elementwise; arguments broadcast.
 */
export const scaleTangent: Binary<"scaleTangent"> = elementwise(2, {
	name: "scaleTangent",
	formula: (g, d) => s.select(s.or(s.equal(g, 0), s.equal(d, 0)), 0, s.mul(g, d)),
	partials: [(_, d) => scalingTangent(d), (g) => scalingTangent(g)],
	latex: elementwiseProduct,
	print: (g, d) => `scaled_by_either(${g}, ${d})`,
	traits: { algebra: { powers: [1, 1], absorbing: "either" } },
});

/**
 * g where the mask is 1, exactly 0 where it is 0, NaN where it is NaN. Elementwise; arguments
 * broadcast.
 */
export const keepWhere: Binary<"keepWhere"> = elementwise(2, {
	name: "keepWhere",
	formula: (g, mask) => s.select(s.equal(mask, 0), 0, s.mul(mask, g)),
	partials: [(_, mask) => new LinearMap("keepWhere", (dx) => keepWhere(dx, mask)), () => 0],
	latex: (g, mask) => `${g} \\odot ${mask}`,
	print: (g, mask) => `np.where(${mask}, ${g}, 0)`,
	traits: {
		linear: true,
		branches: [0],
		zeros: true,
		printAssigned: (out, [g], [, unmasked]) =>
			unmasked === null ? null : [`${out} = ${g}.copy()`, `${out}[${unmasked}] = 0`],
	},
	sample: (draw) => {
		const shape = draw.shape();
		// A mask is made by comparing, never differentiated; as a bool it cannot be.
		const mask = astype(maskGreater(draw.tensor(shape), 0), "bool");
		return { inputs: [draw.tensor(shape), mask], params: null };
	},
});

/**
 * 1 where x > y, 0 where x ≤ y, NaN where they cannot be compared, in the dtype of the arguments:
 * the mask by which a max-like op passes its gradient on. Arguments broadcast. Constant: no
 * gradient.
 */
export const maskGreater: Binary<"maskGreater"> = elementwise(2, {
	name: "maskGreater",
	formula: (x, y) => s.select(s.greater(x, y), 1, s.select(s.lessEqual(x, y), 0, Number.NaN)),
	partials: null,
	distinct: true,
	latex: (x, y) => `[${x} > ${y}]`,
	print: (x, y) => `${x} > ${y}`,
	traits: { zeros: true, holds: [">"], printOpposite: ([x, y]) => `${x} <= ${y}` },
});

/**
 * As `maskGreater`, and 1 at a tie: 1 where x ≥ y, 0 where x < y, NaN where they cannot be
 * compared.
 */
export const maskGreaterEqual: Binary<"maskGreaterEqual"> = elementwise(2, {
	name: "maskGreaterEqual",
	formula: (x, y) => s.select(s.greaterEqual(x, y), 1, s.select(s.less(x, y), 0, Number.NaN)),
	partials: null,
	distinct: true,
	latex: (x, y) => `[${x} \\ge ${y}]`,
	print: (x, y) => `${x} >= ${y}`,
	traits: {
		zeros: true,
		holds: [">", "="],
		printOpposite: ([x, y]) => `${x} < ${y}`,
	},
});
