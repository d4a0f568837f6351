import * as assert from "uvu/assert";
import { assertManual, checkManual } from "../../../lib/check/gradients.ts";
import { GradientError, random, type Tensor } from "../../../lib/index.ts";
import { another } from "../../another.ts";
import { refuses } from "../../near.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[], dtype: "float64" | "float32" = "float64") =>
	random.normal(random.key(seed), shape, { dtype });

interface Net {
	w1: Tensor;
	w2: Tensor;
	x: Tensor;
	y: Tensor;
}

/** A net of N samples and so many inputs, hidden units and outputs. */
const net = (n: number, d: number, h: number, o: number, dtype?: "float32"): Net => ({
	w1: normal(1, [d, h], dtype),
	w2: normal(2, [h, o], dtype),
	x: normal(3, [n, d], dtype),
	y: normal(4, [n, o], dtype),
});

const loss = ({ w1, w2, x, y }: Net): Tensor => {
	const h = x.dot(w1).as("h");
	const h_relu = h.maximum(0).as("h_relu");
	const y_pred = h_relu.dot(w2).as("y_pred");
	return y_pred.sub(y).square().sum();
};

/** What may be forgotten in the backward pass. */
interface Slips {
	factor?: number;
	mask?: boolean;
	transpose?: "h_relu" | "w2" | "x";
}

/** The backward pass as the NumPy program has it, with slips. */
const backward =
	({ factor = 2, mask = true, transpose }: Slips = {}) =>
	({ w1, w2, x, y }: Net) => {
		const T = (name: string, matrix: Tensor) => (name === transpose ? matrix : matrix.T);
		const h = x.dot(w1);
		const h_relu = h.maximum(0);
		const y_pred = h_relu.dot(w2);
		const grad_y_pred = y_pred.sub(y).mul(factor);
		const grad_w2 = T("h_relu", h_relu).dot(grad_y_pred);
		const grad_h_relu = grad_y_pred.dot(T("w2", w2));
		const grad_h = mask ? h.less(0).where(0, grad_h_relu) : grad_h_relu;
		const grad_w1 = T("x", x).dot(grad_h);
		return { grad_w1, grad_w2, grad_h, grad_h_relu, grad_y_pred };
	};

/** The first wrong gradient of the net with these slips, with its cause. */
function firstWrong(slips: Slips, args: Net) {
	const report = checkManual(loss, [args], backward(slips));
	assert.is(report.ok, false);
	return report.firstWrong ?? { key: "stopped", cause: report.stopped!.cause };
}

suite("check/manual/check-manual", (test) => {
	test("the backward pass of the two-layer net agrees to 1e−9, in backward order", () => {
		const report = checkManual(loss, [net(6, 100, 10, 1)], backward());
		assert.ok(report.ok, String(report));
		const order = ["grad_y_pred", "grad_w2", "grad_h_relu", "grad_h", "grad_w1"];
		assert.equal(report.steps.map(({ key }) => key).sort(), [...order].sort());
		const place = (key: string) => report.steps.findIndex((step) => step.key === key);
		assert.ok(
			place("grad_y_pred") < place("grad_w2") && place("grad_y_pred") < place("grad_h_relu"),
		);
		assert.ok(place("grad_h_relu") < place("grad_h") && place("grad_h") < place("grad_w1"));
		for (const { worst, bound } of report.steps) {
			assert.ok(bound <= 1e-9 * Math.abs(worst!.expected) || Math.abs(worst!.expected) < 1);
			assert.ok(Math.abs(worst!.given - worst!.expected) <= bound);
		}
		assertManual(loss, [net(6, 100, 10, 1)], backward());
	});

	test("whoever forgets the 2, the sign or the mean is told so", () => {
		const args = net(6, 5, 4, 2);
		assert.is(firstWrong({ factor: 1 }, args).key, "grad_y_pred");
		assert.is(firstWrong({ factor: 1 }, args).cause, "a factor 2 is missing");
		assert.is(firstWrong({ factor: -2 }, args).cause, "the sign is wrong");
		assert.match(firstWrong({ factor: 2 / 6 }, args).cause!, "a factor 6 is missing");
	});

	test("whoever forgets the mask is told so", () => {
		const { key, cause } = firstWrong({ mask: false }, net(6, 5, 4, 2));
		assert.is(key, "grad_h");
		assert.match(cause!, /^a mask is missing: \d+ of 24 elements should be 0/);
	});

	test("whoever forgets a .T is told which one, although the product does not fit", () => {
		const args = net(6, 10, 5, 2);
		const cause = (transpose: Slips["transpose"]) => firstWrong({ transpose }, args).cause;
		assert.is(cause("h_relu"), "a .T is missing: grad_w2 is h_relu.T.dot(grad_y_pred)");
		assert.is(cause("w2"), "a .T is missing: grad_h_relu is grad_y_pred.dot(w2.T)");
		assert.is(cause("x"), "a .T is missing: grad_w1 is x.T.dot(grad_h)");
	});

	test("the same where all matrices are square and everything fits", () => {
		const cause = (transpose: Slips["transpose"]) => firstWrong({ transpose }, net(4, 4, 4, 4));
		assert.is(cause("h_relu").key, "grad_w2");
		assert.match(cause("h_relu").cause!, "a .T is missing: it is h_relu.dot(grad_y_pred)");
		assert.is(cause("w2").key, "grad_h_relu");
		assert.match(cause("w2").cause!, "grad_y_pred.dot(w2.T) agrees");
		assert.is(cause("x").key, "grad_w1");
		assert.match(cause("x").cause!, "x.T.dot(grad_h) agrees");
	});

	test("a gradient of the wrong shape is told in words, with both shapes", () => {
		const args = net(6, 5, 4, 2);
		const turned = (a: Net) => ({ ...backward()(a), grad_w1: backward()(a).grad_w1.T });
		const report = checkManual(loss, [args], turned);
		assert.match(String(report), "grad_w1 has shape (4×5), but w1 has shape (5×4)");
		assert.match(report.firstWrong!.cause!, "the gradient is transposed: it is");
		const bias = ({ b }: { b: Tensor }) => args.x.add(b).as("z").square().sum();
		const unsummed = checkManual(bias, [{ b: normal(5, [5]) }], ({ b }) => {
			const grad_z = args.x.add(b).mul(2);
			return { grad_z, grad_b: grad_z };
		});
		assert.is(unsummed.firstWrong?.key, "grad_b");
		assert.match(unsummed.firstWrong!.cause!, "the sum over the axes");
	});

	test("a use of a shared value that does not contribute is missed", () => {
		const shared = (x: Tensor) => {
			const h = x.square().as("h");
			return h.sin().add(h.exp()).sum();
		};
		const x = normal(1, [3]).mul(0.5);
		const check = (grad_h: (h: Tensor) => Tensor) =>
			checkManual(shared, [x], (v) => ({ grad_h: grad_h(v.square()) }));
		assert.ok(check((h) => h.cos().add(h.exp())).ok);
		const one = check((h) => h.cos()).firstWrong!;
		assert.is(
			one.cause,
			"of the 2 uses of h only the one in sin contributes: their gradients have to be added",
		);
	});

	test("only the first wrong gradient is blamed, and its worst element named", () => {
		const report = checkManual(loss, [net(6, 5, 4, 2)], backward({ factor: 1 }));
		assert.match(String(report), /grad_y_pred: wrong\n {2}\[\d, \d\] is .* and should be .* ± /);
		assert.match(String(report), "grad_w1: wrong, perhaps because of grad_y_pred");
		assert.is(report.steps.filter(({ cause }) => cause !== null).length, 1);
		refuses(
			() => assertManual(loss, [net(6, 5, 4, 2)], backward({ factor: 1 })),
			GradientError,
			"likely cause: a factor 2 is missing",
		);
	});

	test("float32 is judged by the rounding of float32", () => {
		assert.ok(checkManual(loss, [net(6, 20, 5, 2, "float32")], backward()).ok);
		const off = checkManual(loss, [net(6, 20, 5, 2, "float32")], backward({ factor: 2.001 }));
		assert.is(off.firstWrong?.key, "grad_y_pred");
	});

	test("gradients that are others at a second call are refused, however close", () => {
		const x = normal(1, [3]);
		const square = (v: Tensor) => v.square().sum();
		const drawn = (v: Tensor) => ({ "grad_args[0]": v.mul(2 + 1e-13 * another()) });
		refuses(() => checkManual(square, [x], drawn), GradientError, "grad_args[0] is not determin");
		const noisy = (v: Tensor) => v.mul(another()).sum();
		const exact = (v: Tensor) => ({ "grad_args[0]": v.mul(2) });
		refuses(
			() => checkManual(noisy, [x], exact),
			GradientError,
			"as it is derived is not determin",
		);
	});

	test("a name that is not there, or there twice, and a loss that is no scalar are refused", () => {
		const x = normal(1, [2]);
		const f = (v: Tensor) => v.as("h").square().sum();
		refuses(
			() => checkManual(f, [x], () => ({ grad_z: x })),
			GradientError,
			"there are grad_h, grad_args[0]",
		);
		const twice = (v: Tensor) => v.as("h").square().as("h").sum();
		refuses(() => checkManual(twice, [x], () => ({})), GradientError, "two values are called h");
		const vector = (v: Tensor) => v.square();
		refuses(() => checkManual(vector, [x], () => ({})), GradientError, "got (2)");
		const bug = () => {
			throw new RangeError("a bug of one's own");
		};
		refuses(() => checkManual(f, [x], bug), RangeError, "a bug");
	});
});
