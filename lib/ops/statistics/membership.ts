import { calledAs } from "../../core/called-as.ts";
import { full } from "../../core/create.ts";
import { asTensor } from "../../core/lift.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { reshape } from "../../structure/layout.ts";
import { minimum } from "../arithmetic.ts";
import { equal } from "../comparison.ts";
import { take } from "../indexing.ts";
import { sort } from "../sorting.ts";
import { searchSorted } from "./searching.ts";

/**
 * Whether each element of x stands among the elements of a tensor, bool in the shape of x, as
 * NumPy's `isin`; NaN never does. The search is in the sorted elements. Constant: no gradient.
 * @throws DTypeError for float32 beside float64
 */
export function isIn(x: TensorLike, among: TensorLike): Tensor {
	const [t, set] = [asTensor("isIn", x), asTensor("isIn", among)];
	return calledAs("isIn", () => {
		if (set.size === 0) return full(t.shape, false, { dtype: "bool" });
		const sorted = sort(reshape(set, [set.size]));
		const places = minimum(searchSorted(sorted, t), set.size - 1);
		return equal(take(sorted, places), t);
	});
}
