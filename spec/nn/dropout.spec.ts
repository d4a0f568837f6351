import * as assert from "uvu/assert";
import { DomainError, grad, ones, random, type Tensor } from "../../lib/index.ts";
import { dropout } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

const key = random.key(1);

suite("nn/dropout", (test) => {
	test("in training a share of the elements is 0 and the others are divided by the rest", () => {
		const layer = dropout(0.2);
		const y = layer.apply({}, ones([100, 100]), { train: true, key });
		const kept = y.greater(0).astype("float64").mean().item();
		// Four standard errors of 10,000 draws.
		assert.ok(Math.abs(kept - 0.8) <= 4 * Math.sqrt(0.16 / 1e4), String(kept));
		same(y.max(), 1.25);
	});

	test("the key says which ones, and the gradient flows through those that are kept", () => {
		const layer = dropout(0.5);
		const x = normal(2, [20]);
		const y = layer.apply({}, x, { train: true, key });
		same(layer.apply({}, x, { train: true, key }), y);
		assert.not.equal(
			[...layer.apply({}, x, { train: true, key: random.key(2) }).data],
			[...y.data],
		);
		const g = grad((u: Tensor) => layer.apply({}, u, { train: true, key }).sum())(x);
		same(g, y.notEqual(0).astype("float64").mul(2));
	});

	test("outside of training, and with a rate of 0, nothing happens", () => {
		const x = normal(2, [20]);
		assert.is(dropout(0.5).apply({}, x, { train: false }), x);
		assert.is(dropout(0).apply({}, x), x);
	});

	test("it holds up, and draws anew for each key that a traced program is given", () => {
		const layer = dropout(0.5);
		const f = ({ x, key }: { x: Tensor; key: Tensor }) => layer.apply({}, x, { train: true, key });
		for (const seed of [1, 2]) holdsUp(f, { x: normal(2, [6]), key: random.key(seed) });
	});

	test("channels are dropped or kept as a whole, a share of them", () => {
		const layer = dropout(0.25, { channels: true });
		const y = layer.apply({}, ones([40, 50, 2, 3]), { train: true, key });
		const each = y.reshape([40, 50, 6]);
		same(each, each.slice(null, null, [0, 1]).mul(ones([1, 1, 6])));
		const kept = y.greater(0).astype("float64").mean().item();
		// Four standard errors of 2,000 draws.
		assert.ok(Math.abs(kept - 0.75) <= 4 * Math.sqrt(0.1875 / 2000), String(kept));
		near(y.max(), 4 / 3);
		const f = (x: Tensor) => layer.apply({}, x, { train: true, key });
		holdsUp(f, normal(2, [3, 2, 2, 2]));
		same(f(ones([3, 4])), dropout(0.25).apply({}, ones([3, 4]), { train: true, key }));
		assert.is(layer.apply({}, y, { train: false }), y);
	});

	test("it refuses to guess whether this is training, asks for a key, and checks the rate", () => {
		const x = normal(2, [20]);
		refuses(() => dropout(0.5).apply({}, x), DomainError, "dropout: expected to be told");
		refuses(() => dropout(0.5).apply({}, x, { train: true }), DomainError, "expected a key");
		refuses(() => dropout(1), DomainError, "0 to below 1, got 1");
	});
});
