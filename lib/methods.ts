import { Tensor } from "./core/tensor.ts";
import * as arithmetic from "./ops/arithmetic.ts";
import * as arranging from "./ops/arranging.ts";
import * as at from "./ops/at.ts";
import * as cast from "./ops/cast.ts";
import * as comparison from "./ops/comparison.ts";
import * as convolution from "./ops/convolution.ts";
import * as cumulative from "./ops/cumulative.ts";
import * as errorFunction from "./ops/error-function.ts";
import * as exponential from "./ops/exponential.ts";
import * as extremes from "./ops/extremes.ts";
import * as factorizations from "./ops/factorizations.ts";
import * as gathering from "./ops/gathering.ts";
import * as pooling from "./ops/images/pooling.ts";
import * as indexing from "./ops/indexing.ts";
import * as linearAlgebra from "./ops/linear-algebra.ts";
import * as naming from "./ops/naming.ts";
import * as padding from "./ops/padding.ts";
import * as products from "./ops/products.ts";
import * as reductions from "./ops/reductions.ts";
import * as slicing from "./ops/slicing.ts";
import * as softmax from "./ops/softmax.ts";
import * as sorting from "./ops/sorting.ts";
import * as triangles from "./ops/triangles.ts";
import * as trigonometric from "./ops/trigonometric.ts";
import * as broadcasting from "./structure/broadcasting.ts";
import * as layout from "./structure/layout.ts";

// The methods of tensors. Nothing of the library calls them, so that a program that does not either
// can leave this file out.

/** The families whose functions take a tensor first; `einsum` and `joining` do not. */
const families = [
	arithmetic,
	arranging,
	at,
	broadcasting,
	cast,
	comparison,
	convolution,
	cumulative,
	errorFunction,
	exponential,
	extremes,
	factorizations,
	gathering,
	indexing,
	layout,
	linearAlgebra,
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
] as const;

/** All of their exports: an intersection of the families' types. */
type Families = Intersection<(typeof families)[number]>;
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
	all: infer All,
) => void
	? All
	: never;

/**
 * The ops whose first argument is a tensor, as methods: the tensor itself takes the first place.
 */
export type OpMethods = {
	[K in keyof Families]: Families[K] extends (x: infer _, ...rest: infer Rest) => infer Result
		? (...rest: Rest) => Result
		: never;
};

/** What tensors can do where this file is loaded. */
export interface TensorMethods extends OpMethods {
	/** The transpose: the axes in reverse order; a view. */
	readonly T: Tensor;
	/**
	 * What is at each place of the first axis, as `slice` takes it: `const [a, b] = x`, `for (const
	 * row of x)`, `[...x]`. A tensor without axes has none, so it is not iterable.
	 */
	readonly [Symbol.iterator]: () => IterableIterator<Tensor>;
}

declare module "./core/tensor.ts" {
	/** Every op whose first argument is a tensor is a method too. */
	interface Tensor extends TensorMethods {}
}

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

Object.defineProperty(Tensor.prototype, "T", {
	get(this: Tensor) {
		return layout.transpose(this);
	},
});

Object.defineProperty(Tensor.prototype, Symbol.iterator, {
	// Not an iterator that throws: who compares tensors, such as Vitest, asks whether there is one.
	get(this: Tensor) {
		return this.rank === 0 ? undefined : slices;
	},
});

function* slices(this: Tensor): IterableIterator<Tensor> {
	for (let i = 0; i < this.shape[0]!; i++) yield slicing.slice(this, i);
}
