import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import { suite } from "../suite.ts";

const { ones, scan } = a;

/** A recurrent net with an activation, from the first place to the last or from the last. */
const net = (activation: (x: a.Tensor) => a.Tensor, reverse: boolean) => {
	const f = (w: a.Tensor, x: a.Tensor, h0: a.Tensor): a.Tensor => {
		const step = (h: a.Tensor, x: a.Tensor) => {
			const next = activation(h.mul(w).add(x).as("z")).as("h");
			return [next, next] as const;
		};
		return scan(step, h0, x, { reverse })[1].square().sum();
	};
	const args = { w: ones([3]), x: ones([4, 3]), h0: ones([3]) };
	return derive(f, args, { axes: { w: ["D"], x: ["T", "D"], h0: ["D"] } });
};

const relu = (x: a.Tensor) => a.maximum(x, 0);

suite("derivation/diff", (test) => {
	test("lines of loops are compared with their heads, each at its depth", () => {
		const before = net(a.tanh, false);
		assert.ok(before.diff(net(a.tanh, false)).isEmpty);
		const lines = String(before.diff(net(relu, true))).split("\n");
		assert.equal(lines.slice(0, lines.indexOf("")), [
			"  # Forward",
			"  h = h0",
			"  hs = np.empty((T, D))",
			"+ zs = np.empty((T, D))",
			"  hs_in = np.empty((T, D))",
			"- for t in range(T):",
			"+ for t in reversed(range(T)):",
			"      hs_in[t] = h",
			"      z = h * w + x[t]",
			"-     h = np.tanh(z)",
			"+     zs[t] = z",
			"+     h = np.maximum(z, 0)",
			"      hs[t] = h",
			"  loss = np.square(hs).sum()",
		]);
		assert.equal(lines.slice(lines.indexOf("  # Backward")), [
			"  # Backward",
			"  grad_hs = 2.0 * hs",
			"  grad_h = np.zeros((D,))",
			"  grad_w = np.zeros((D,))",
			"- for t in reversed(range(T)):",
			"+ for t in range(T):",
			"      grad_h = grad_h + grad_hs[t]",
			"-     grad_z = grad_h * (1 - np.square(hs[t]))",
			"+     grad_z = grad_h.copy()",
			"+     grad_z[zs[t] < 0] = 0",
			"      grad_w += grad_z * hs_in[t]",
			"      grad_h = grad_z * w",
		]);
	});
});
