import * as assert from "uvu/assert";
import { derive } from "../../../lib/derivation/index.ts";
import { random, sigmoid, type Tensor, tanh } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";
import { linesOf } from "../lines.ts";
import { checkForms } from "./forms.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

checkForms("derivation/textbook/order", {
	"lines of the forward pass come in the order in which they were computed": {
		f: (w, x, c) => {
			const i = sigmoid(x!.dot(w!)).as("i");
			const f = sigmoid(i.add(w!)).as("f");
			const g = tanh(x!.mul(w!)).as("g");
			const o = sigmoid(w!).as("o");
			return o.mul(tanh(f.mul(c!).add(i.mul(g)).as("next"))).sum();
		},
		shapes: { w: ["D"], x: ["D"], c: ["D"] },
		forward: [
			"i = sigmoid(x.dot(w))",
			"f = sigmoid(i + w)",
			"g = np.tanh(x * w)",
			"o = sigmoid(w)",
			"next = f * c + i * g",
			"tanh1 = np.tanh(next)",
			"loss = (o * tanh1).sum()",
		],
	},
	"a gradient that is a value of the forward pass has no line, unless the user named what it is of":
		{
			f: (u, v, y) => u!.dot(v!.T).sub(y!).square().sum().div(2),
			shapes: { u: ["N", "K"], v: ["D", "K"], y: ["N", "D"] },
			forward: ["dot1 = u.dot(v.T)", "sub1 = dot1 - y", "loss = np.square(sub1).sum() / 2"],
			backward: ["grad_u = sub1.dot(v)"],
		},
});

suite("derivation/textbook/named gradients", (test) => {
	test("what is made of a named value is printed as made of it, though a shorter way goes past it", () => {
		const f = (x: Tensor) => {
			const flat = x.mul(2).reshape([12]).as("flat");
			const wide = flat.reshape([3, 4]).tanh();
			return flat.slice([0, 2]).tanh().sum().add(wide.sum());
		};
		const derivation = derive(f, { x: normal(1, [4, 3]) });
		assert.ok(linesOf(derivation.forward).some((line) => line.includes("flat.reshape(3, 4)")));
		derivation.verify();
	});

	test("a named value's gradient that is there already is told before those that come from it", () => {
		const f = (u: Tensor, v: Tensor) => u.dot(v).as("p").sub(1).as("r").square().sum().div(2);
		const { backward } = derive(f, { u: normal(1, [3, 4]), v: normal(2, [4, 2]) });
		assert.equal(linesOf(backward), ["grad_r = r", "grad_p = r", "grad_u = r.dot(v.T)"]);
	});
});
