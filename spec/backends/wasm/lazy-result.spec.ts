import * as assert from "uvu/assert";
import { LazyResult, RepeatableCall } from "../../../lib/backends/wasm/lazy-result.ts";
import { Tensor, tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

/** A call of these arguments, so many bytes of which are new, and an unread result of it. */
function called(args: readonly Tensor[], bytes: number) {
	const call = new RepeatableCall(() => [], args, bytes);
	const region = { index: 0, address: 0, storage: new Float64Array(1), run: 0, holds: null };
	const result = () => new Tensor(new LazyResult({}, region, call), "float64", []);
	return { call, result };
}

suite("backends/wasm/lazy-result", (test) => {
	test("a call keeps what all calls before it keep, each counted once, and is one deeper", () => {
		const [a, b] = [called([tensor(1)], 3), called([tensor(2)], 5)];
		const c = called([a.result(), b.result(), a.result(), tensor(3)], 2);
		assert.is(c.call.bytes, 10);
		assert.is(c.call.depth, 2);
		const d = called([c.result()], 0);
		assert.is(d.call.bytes, 10);
		assert.is(d.call.depth, 3);
	});

	test("a result that was read keeps no call", () => {
		const a = called([tensor(1)], 3);
		const x = a.result();
		(x.storage as LazyResult).give(Float64Array.of(1));
		assert.is(called([x], 2).call.bytes, 2);
	});
});
