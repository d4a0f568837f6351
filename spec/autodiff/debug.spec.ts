import * as assert from "uvu/assert";
import { debug, GradientError, grad, jvp, type Tensor, tensor } from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

/** The message of the error that `f` throws. */
function messageOf(f: () => unknown): string {
	try {
		f();
	} catch (error) {
		assert.instance(error, GradientError);
		return (error as Error).message;
	}
	assert.unreachable("expected an error");
	return "";
}

suite("autodiff/debug", (test) => {
	const logs = (x: Tensor) => x.mul(2).log().sum();
	const roots = (x: Tensor) => x.mul(3).sqrt().sum();

	test("the first op whose value becomes infinite is named, with shapes, ranges and the user's line", () => {
		const message = messageOf(() => debug(logs)(tensor([0, 1])));
		assert.match(message, /^log: 1 of 2 elements of np\.log\(a\) \(2\) became infinite/);
		assert.match(message, "a (2) in [0, 2]");
		assert.match(message, /applied at .*debug\.spec\.ts:\d+:\d+$/);
	});

	test("the first op whose value becomes NaN is named", () => {
		assert.match(
			messageOf(() => debug(logs)(tensor([-1, 1]))),
			/^log: 1 of 2 elements .* became NaN/,
		);
	});

	test("the op whose gradient becomes infinite is named by the line of its forward pass", () => {
		const f = debug(grad(roots));
		const message = messageOf(() => f(tensor([[0, 1]])));
		assert.match(message, /^derivative of sqrt: /);
		assert.match(message, "sqrt had inputs (1×2) in [0, 3]");
		assert.match(message, /applied at .*debug\.spec\.ts:\d+:\d+$/);
		const line = /debug\.spec\.ts:(\d+):/.exec(message)![1];
		const rootsLine = /debug\.spec\.ts:(\d+):/.exec(
			messageOf(() => debug(roots)(tensor([-1]))),
		)![1];
		assert.is(line, rootsLine);
	});

	test("a derivative in forward mode is watched too", () => {
		const f = debug((x: Tensor) => jvp(roots, x, tensor([1, 1])));
		assert.match(
			messageOf(() => f(tensor([0, 1]))),
			/^derivative of sqrt/,
		);
	});

	test("an op after a finished derivative is not blamed on it", () => {
		const f = debug((x: Tensor) => grad(roots)(x).sub(1e300).mul(1e300));
		assert.match(
			messageOf(() => f(tensor([1, 1]))),
			/^mul: 2 of 2/,
		);
	});

	test("an infinity that was put in is left alone, a NaN is not", () => {
		const mask = tensor([Number.NEGATIVE_INFINITY, 0]);
		same(debug((x: Tensor) => x.add(mask).exp())(tensor([1, 0])), [0, 1]);
		const f = debug((x: Tensor) => x.add(1));
		assert.match(
			messageOf(() => f(tensor([Number.NaN, 2]))),
			"a (2) in [2, 2] and 1 NaN",
		);
	});

	test("a derivative that is 0 by convention does not pass through NaN", () => {
		for (const f of [(x: Tensor) => x.norm(), (x: Tensor) => x.std()]) {
			same(debug(grad(f))(tensor([0, 0])), [0, 0]);
		}
	});

	test("after an error, and outside of debug, nothing is watched", () => {
		refuses(() => debug(logs)(tensor([0])), GradientError, "log");
		same(logs(tensor([0])), Number.NEGATIVE_INFINITY);
		same(debug(logs)(tensor([0.5])), 0);
		same(logs(tensor([0])), Number.NEGATIVE_INFINITY);
	});
});
