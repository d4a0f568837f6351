import type { Numbers } from "./values.ts";

/** Numbers in (−2, 2) without a pattern: the fractions of multiples of the golden ratio. */
const irregular = (count: number, from: number) =>
	Array.from({ length: count }, (_, i) => 4 * (((i + from) * 0.6180339887498949) % 1) - 2);

const floats = (shape: number[], from: number): Numbers => {
	const count = shape.reduce((product, size) => product * size, 1);
	return { dtype: "float64", shape, data: irregular(count, from) };
};
const ints = (shape: number[], data: number[]): Numbers => ({ dtype: "int32", shape, data });

/** The variables of the expressions, by section. All three libraries are given the same. */
export const inputs: Readonly<Record<string, Readonly<Record<string, Numbers>>>> = {
	Tensors: {
		x: floats([2, 3], 1),
		y: floats([2, 3], 11),
		w: floats([3, 2], 21),
		v: floats([2], 31),
		s: floats([], 41),
		u: floats([2, 1, 3], 51),
		c: { dtype: "bool", shape: [2, 3], data: [1, 0, 0, 1, 1, 0] },
		// An index that occurs twice shows whether what is put there is added.
		i: ints([2], [1, 1]),
		j: ints([2], [2, 2]),
		k: ints([2, 1], [2, 0]),
	},
	Derivatives: { w: floats([2], 1), v: floats([2], 11), ws: floats([3, 2], 21) },
	"Time and batches": {
		w: floats([2], 1),
		v: floats([2], 11),
		ws: floats([3, 2], 21),
	},
	"Models and training": {
		x: floats([4, 3], 1),
		w: floats([3, 3], 21),
		b: floats([3], 41),
		z: floats([4, 3], 51),
		t: { dtype: "float64", shape: [4, 3], data: [1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0] },
		labels: ints([4], [2, 0, 1, 2]),
	},
	"What is different": {
		h: { dtype: "float64", shape: [3], data: [2, 0, 2] },
	},
};

/** By these the elements of a value are multiplied before they are summed for a gradient. */
export const weights: readonly number[] = irregular(1000, 1000);
