import { Tensor } from "../tensor.ts";
import * as arithmetic from "./arithmetic.ts";
import * as arranging from "./arranging.ts";
import * as cast from "./cast.ts";
import * as comparison from "./comparison.ts";
import * as convolution from "./convolution.ts";
import * as cumulative from "./cumulative.ts";
import * as exponential from "./exponential.ts";
import * as extremes from "./extremes.ts";
import * as factorizations from "./factorizations.ts";
import * as gathering from "./gathering.ts";
import * as indexing from "./indexing.ts";
import * as layout from "./layout.ts";
import * as linearAlgebra from "./linear-algebra.ts";
import * as masks from "./masks.ts";
import * as naming from "./naming.ts";
import * as padding from "./padding.ts";
import * as pooling from "./pooling.ts";
import * as products from "./products.ts";
import * as reductions from "./reductions.ts";
import * as slicing from "./slicing.ts";
import * as softmax from "./softmax.ts";
import * as sorting from "./sorting.ts";
import * as triangles from "./triangles.ts";
import * as trigonometric from "./trigonometric.ts";

export * from "./arithmetic.ts";
export * from "./arranging.ts";
export * from "./cast.ts";
export * from "./comparison.ts";
export * from "./convolution.ts";
export * from "./cumulative.ts";
export * from "./einsum.ts";
export * from "./exponential.ts";
export * from "./extremes.ts";
export * from "./factorizations.ts";
export * from "./gathering.ts";
export * from "./indexing.ts";
export * from "./joining.ts";
export * from "./layout.ts";
export * from "./linear-algebra.ts";
export * from "./masks.ts";
export * from "./naming.ts";
export * from "./padding.ts";
export * from "./pooling.ts";
export * from "./products.ts";
export * from "./reductions.ts";
export * from "./slicing.ts";
export * from "./softmax.ts";
export * from "./sorting.ts";
export * from "./triangles.ts";
export * from "./trigonometric.ts";

/** The families whose functions take a tensor first; `einsum` and `joining` do not. */
const families = [
	arithmetic,
	arranging,
	cast,
	comparison,
	convolution,
	cumulative,
	exponential,
	extremes,
	factorizations,
	gathering,
	indexing,
	layout,
	linearAlgebra,
	masks,
	naming,
	padding,
	pooling,
	products,
	reductions,
	slicing,
	softmax,
	sorting,
	triangles,
	trigonometric,
];

type Families = typeof arithmetic &
	typeof arranging &
	typeof cast &
	typeof comparison &
	typeof convolution &
	typeof cumulative &
	typeof exponential &
	typeof extremes &
	typeof factorizations &
	typeof gathering &
	typeof indexing &
	typeof layout &
	typeof linearAlgebra &
	typeof masks &
	typeof naming &
	typeof padding &
	typeof pooling &
	typeof products &
	typeof reductions &
	typeof slicing &
	typeof softmax &
	typeof sorting &
	typeof triangles &
	typeof trigonometric;

/** The functions whose first argument is a tensor, as methods: the tensor itself takes the first place. */
export type TensorMethods = {
	[K in keyof Families]: Families[K] extends (x: infer _, ...rest: infer Rest) => infer Result
		? (...rest: Rest) => Result
		: never;
};

for (const family of families) {
	for (const [name, f] of Object.entries(
		family as Record<string, (...args: unknown[]) => unknown>,
	)) {
		Object.defineProperty(Tensor.prototype, name, {
			value(this: Tensor, ...rest: unknown[]) {
				return f(this, ...rest);
			},
		});
	}
}
