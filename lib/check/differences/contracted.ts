import type { Tensor } from "../../core/tensor.ts";
import { add, mul } from "../../ops/arithmetic.ts";
import { astype } from "../../ops/cast.ts";
import { sum } from "../../structure/broadcasting.ts";
import { attempt } from "./attempt.ts";
import { type Problem, randomLike, type TensorList } from "./problem.ts";

/** A derivative with no more elements is compared element by element. */
const FEW_ELEMENTS = 256;

/**
 * A derivative with many elements as one number: their sum, weighted at random. A gradient has as
 * many elements as the arguments, and by each of them as many derivatives.
 */
export function contracted(problem: Problem, key: Tensor): Problem {
	const { f, x, outputs } = problem;
	// Where it throws at the point, it is for the check to say.
	const results = attempt(
		() => f(x),
		() => [],
	);
	if (results.reduce((size, y) => size + y.size, 0) <= FEW_ELEMENTS) return problem;
	const weights = randomLike(results, key);
	const dtype = results.some((y) => y.dtype === "float32") ? "float32" : "float64";
	const weighted = (values: TensorList) =>
		values
			.map((value, i) => astype(sum(mul(value, weights[i]!)), dtype))
			.reduce((total, part) => add(total, part));
	return {
		...problem,
		f: (at) => [weighted(f(at))],
		outputs: [`${outputs.join(" + ")} · weights`],
	};
}
