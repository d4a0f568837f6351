import { elementwise } from "../kinds/elementwise.ts";
import { type Binary, comparison, type Unary } from "../kinds/lift.ts";

/** x = y, elementwise, as a bool tensor; NaN equals nothing. Arguments broadcast. Constant: no gradient. */
export const equal: Binary<"equal"> = elementwise(2, {
	name: "equal",
	evaluate: (x, y) => (x === y ? 1 : 0),
	partials: null,
	dtype: comparison,
	print: (x, y) => `${x} == ${y}`,
});

/** True where x is NaN, elementwise. Constant: no gradient. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: NumPy's name, and this file does not use the global one
export const isNaN: Unary<"isNaN"> = elementwise(1, {
	name: "isNaN",
	evaluate: (x) => (Number.isNaN(x) ? 1 : 0),
	partials: null,
	dtype: comparison,
	print: (x) => `np.isnan(${x})`,
});
