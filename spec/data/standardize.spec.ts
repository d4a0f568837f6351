import { standardization } from "../../lib/data/index.ts";
import { random, tensor, zeros } from "../../lib/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

suite("data/standardize", (test) => {
	test("features come to mean 0 and standard deviation 1, and back", () => {
		const x = random.normal(random.key(1), [40, 3], { mean: 5, std: 2 });
		const { apply, undo } = standardization(x);
		near(apply(x).mean(0), zeros([3]));
		near(apply(x).std(0), [1, 1, 1]);
		near(undo(apply(x)), x);
	});

	test("other data are moved and scaled by what was learned", () => {
		const { apply } = standardization(tensor([[0], [10]]));
		same(apply(tensor([[5], [15], [-5]])), [[0], [2], [-2]]);
	});

	test("a constant feature becomes 0, not NaN", () => {
		same(standardization(tensor([[7], [7], [7]])).apply(tensor([[7], [8]])), [[0], [1]]);
	});

	test("axes may be given: one mean for each channel of an image", () => {
		const images = random.normal(random.key(2), [4, 2, 3, 3]);
		const { mean, apply } = standardization(images, [0, 2, 3]);
		same(mean.shape, [1, 2, 1, 1]);
		near(apply(images).mean([0, 2, 3]), [0, 0]);
	});
});
