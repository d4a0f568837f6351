import { compile } from "../../../lib/compile/index.ts";
import {
	corrcoef,
	cov,
	DomainError,
	DTypeError,
	ones,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const nan = Number.NaN;
const whole = (values: readonly number[]) => tensor(values, { dtype: "int32" });

suite("ops/statistics/covariance", (test) => {
	test("a variable that does not vary has a variance and no correlation", () => {
		same(cov(tensor([2, 2, 2])), 0);
		same(corrcoef(tensor([2, 2, 2])), nan);
		same(cov(tensor([2])), nan);
		same(cov(whole([1, 3])), 2);
		refuses(() => cov(zeros([2, 2, 2])), ShapeError, "cov: expected a vector or a matrix");
		refuses(() => cov(ones([2, 3]), { y: ones([4]) }), ShapeError, "cov: ");
	});

	test("an observation counts as often as is said, and as much", () => {
		const x = tensor([
			[1, 2, 4, 3],
			[0, 5, 1, 1],
		]);
		const counts = whole([1, 2, 3, 0]);
		const weights = tensor([0.5, 1, 2, 1]);
		// As often as it stands in the data.
		near(cov(x, { counts }), cov(x.take([0, 1, 1, 2, 2, 2], 1)).toArray());
		// np.cov(x, fweights=counts, aweights=weights)
		near(cov(x, { counts, weights }), [
			[1.310344827586207, -1.4137931034482762],
			[-1.4137931034482762, 3.7931034482758625],
		]);
		const scaled = corrcoef(x, { weights: weights.mul(3) });
		near(corrcoef(x, { weights }), scaled.toArray());
		same(cov(tensor([1, 2]), { counts: whole([1, 0]) }), nan);
		same(compile((w: Tensor) => cov(x, { weights: w }))(weights.neg()), [
			[nan, nan],
			[nan, nan],
		]);
		refuses(() => cov(x, { weights: weights.neg() }), DomainError, "cov: expected weights from 0");
		refuses(() => cov(x, { counts: weights }), DTypeError, "cov: expected int32 counts");
		refuses(() => corrcoef(x, { weights: ones([3]) }), ShapeError, "corrcoef: expected weights");
	});
});
