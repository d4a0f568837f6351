import type { Tensor } from "../../core/tensor.ts";
import { mul } from "../../ops/arithmetic.ts";
import { astype } from "../../ops/cast.ts";
import { sum } from "../../structure/broadcasting.ts";
import { type Problem, randomLike, type TensorList } from "./problem.ts";

/** A derivative with no more elements is compared element by element. */
const FEW_ELEMENTS = 256;

/**
 * A derivative with many elements as one number for each argument: the sum of its elements,
 * weighted at random. A gradient has as many elements as the arguments, and by each of them as many
 * derivatives. In one sum of all of them a small argument would be lost beside a large one.
 * @param results tensors of the types that the derivative has
 */
export function contracted(problem: Problem, results: TensorList, key: Tensor): Problem {
	const { f, outputs } = problem;
	if (results.reduce((size, y) => size + y.size, 0) <= FEW_ELEMENTS) return problem;
	const weights = randomLike(results, key);
	const weighted = (values: TensorList) =>
		values.map((value, i) => astype(sum(mul(value, weights[i]!)), results[i]!.dtype));
	return {
		...problem,
		f: (at) => weighted(f(at)),
		outputs: outputs.map((output) => `${output} · weights`),
	};
}
