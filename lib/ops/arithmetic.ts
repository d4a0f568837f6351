import { elementwise } from "../kinds/elementwise.ts";
import { type Binary, floating, type Unary } from "../kinds/lift.ts";
import { keepWhere } from "../linear-map.ts";
import { maskGreater, maskGreaterEqual } from "./masks.ts";

/** x + y, elementwise; arguments broadcast. */
export const add: Binary<"add"> = elementwise(2, {
	name: "add",
	evaluate: (x, y) => x + y,
	partials: [() => 1, () => 1],
	print: (x, y) => `${x} + ${y}`,
});

/** x − y, elementwise; arguments broadcast. */
export const sub: Binary<"sub"> = elementwise(2, {
	name: "sub",
	evaluate: (x, y) => x - y,
	partials: [() => 1, () => -1],
	print: (x, y) => `${x} - ${y}`,
});

/** x · y, elementwise; arguments broadcast. The matrix product is `dot`. */
export const mul: Binary<"mul"> = elementwise(2, {
	name: "mul",
	evaluate: (x, y) => x * y,
	partials: [(_, y) => y, (x) => x],
	print: (x, y) => `${x} * ${y}`,
});

/** x / y, elementwise; arguments broadcast. Integers give float64, as in NumPy. */
export const div: Binary<"div"> = elementwise(2, {
	name: "div",
	evaluate: (x, y) => x / y,
	partials: [(_, y) => reciprocal(y), (_, y, out) => neg(div(out, y))],
	dtype: floating,
	domain: [{}, { avoid: [0] }],
	print: (x, y) => `${x} / ${y}`,
});

/** −x, elementwise. */
export const neg: Unary<"neg"> = elementwise(1, {
	name: "neg",
	evaluate: (x) => -x,
	partials: [() => -1],
	print: (x) => `-${x}`,
});

/** x², elementwise. */
export const square: Unary<"square"> = elementwise(1, {
	name: "square",
	evaluate: (x) => x * x,
	partials: [(x) => mul(2, x)],
	print: (x) => `np.square(${x})`,
});

/** 1 / x, elementwise. */
export const reciprocal: Unary<"reciprocal"> = elementwise(1, {
	name: "reciprocal",
	evaluate: (x) => 1 / x,
	partials: [(_, out) => neg(square(out))],
	dtype: floating,
	domain: [{ avoid: [0] }],
	print: (x) => `1 / ${x}`,
});

/**
 * The greater of x and y, elementwise; arguments broadcast. At a tie the whole gradient goes to x, so
 * `maximum(h, 0)` keeps the gradient where h ≥ 0. A NaN in either shows in the value and in both gradients.
 */
export const maximum: Binary<"maximum"> = elementwise(2, {
	name: "maximum",
	evaluate: Math.max,
	partials: [(x, y) => keepWhere(maskGreaterEqual(x, y)), (x, y) => keepWhere(maskGreater(y, x))],
	distinct: true,
	print: (x, y) => `np.maximum(${x}, ${y})`,
});
