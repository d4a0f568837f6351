import * as assert from "uvu/assert";
import { Recent } from "../../../lib/backends/webgpu/recent.ts";
import { suite } from "../../suite.ts";

suite("webgpu, what is remembered", (test) => {
	test("as many as were used last, whatever comes", () => {
		const known = new Recent<number>(3);
		let made = 0;
		const of = (key: string) => known.of(key, () => ++made);
		assert.equal(["a", "b", "c", "a"].map(of), [1, 2, 3, 1]);
		assert.equal(["d", "a", "c", "b", "b"].map(of), [4, 1, 3, 5, 5]);
		for (let i = 0; i < 100; i++) of(String(i));
		assert.is(of("99"), 104 + 1);
		assert.is(made, 105);
	});
});
