import { Tensor } from "../tensor.ts";
import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import * as convolution from "./convolution.ts";
import * as cumulative from "./cumulative.ts";
import * as exponential from "./exponential.ts";
import * as indexing from "./indexing.ts";
import * as layout from "./layout.ts";
import * as linearAlgebra from "./linear-algebra.ts";
import * as masks from "./masks.ts";
import * as products from "./products.ts";
import * as reductions from "./reductions.ts";
import * as trigonometric from "./trigonometric.ts";

export * from "./arithmetic.ts";
export * from "./comparison.ts";
export * from "./convolution.ts";
export * from "./cumulative.ts";
export * from "./einsum.ts";
export * from "./exponential.ts";
export * from "./indexing.ts";
export * from "./joining.ts";
export * from "./layout.ts";
export * from "./linear-algebra.ts";
export * from "./masks.ts";
export * from "./products.ts";
export * from "./reductions.ts";
export * from "./trigonometric.ts";

/** The families whose functions take a tensor first; `einsum` and `joining` do not. */
const families = [
	arithmetic,
	comparison,
	convolution,
	cumulative,
	exponential,
	indexing,
	layout,
	linearAlgebra,
	masks,
	products,
	reductions,
	trigonometric,
];

type Families = typeof arithmetic &
	typeof comparison &
	typeof convolution &
	typeof cumulative &
	typeof exponential &
	typeof indexing &
	typeof layout &
	typeof linearAlgebra &
	typeof masks &
	typeof products &
	typeof reductions &
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
