import { add, arange } from "../../lib/index.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

suite("kinds/elementwise", (test) => {
	test("arguments that lie apart meet element by element, in short rows and long ones", () => {
		for (const n of [1, 3, 31, 32, 45]) {
			const x = arange(2 * 3 * n)
				.reshape([2, n, 3])
				.permute([0, 2, 1])
				.slice(null, [1, 3]);
			const row = arange(2 * n).slice([0, null, 2]);
			const at = (i: number, j: number, k: number) => 3 * n * i + 3 * k + 1 + j + 2 * k;
			const expected = [0, 1].map((i) =>
				[0, 1].map((j) => Array.from({ length: n }, (_, k) => at(i, j, k))),
			);
			same(add(x, row), expected);
		}
	});
});
