import * as assert from "uvu/assert";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { oneHot, random, type Tensor, tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { linesOf } from "./lines.ts";

type Params = Record<"w" | "b", Tensor>;

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const x = normal(1, [6, 5]);
const y = normal(2, [6, 3]);
const probabilities = normal(3, [6, 3]).softmax(1);
const labels = tensor([0, 2, 1, 1, 0, 2], { dtype: "int32" });
const params: Params = { w: normal(4, [5, 3]), b: normal(5, [3]) };

/** The backward lines, each of which has been run and compared. */
function backward(derivation: Derivation): string[] {
	derivation.verify();
	return linesOf(derivation.backward);
}

const linear = ({ w, b }: Params, input: Tensor) => input.dot(w).add(b).as("z");
const LINEAR = ["grad_w = x.T.dot(grad_z)", "grad_b = grad_z.sum(axis=0)"];

suite("derivation/models", (test) => {
	test("softmax with cross-entropy gives (p − y)/n, where y is known to be a distribution", () => {
		const loss = (p: Params, input: Tensor, target: Tensor) =>
			target.mul(linear(p, input).softmax(1).as("p").log()).sum().neg().div(6);
		const args = { params, x, y: probabilities };
		assert.equal(backward(derive(loss, args, { distributions: { y: 1 } })), [
			"grad_z = (p - y) / 6",
			...LINEAR,
		]);
		assert.equal(backward(derive(loss, args)), [
			"grad_z = (y.sum(axis=1, keepdims=True) * p - y) / 6",
			...LINEAR,
		]);
	});

	test("one-hot labels are known to be a distribution", () => {
		const loss = (p: Params, input: Tensor, target: Tensor) =>
			oneHot(target, 3).as("y").mul(linear(p, input).logSoftmax(1).as("log_p")).sum(1).mean().neg();
		assert.equal(backward(derive(loss, { params, x, labels })), [
			"grad_z = (np.exp(log_p) - y) / 6",
			...LINEAR,
		]);
	});

	test("softmax with cross-entropy by logSumExp, and by picking the label's probability", () => {
		const byLogSumExp = (p: Params, input: Tensor, target: Tensor) => {
			const z = linear(p, input);
			return z.logSumExp(1).sub(z.mul(target).sum(1)).mean();
		};
		assert.equal(
			backward(derive(byLogSumExp, { params, x, y: probabilities }))[0],
			"grad_z = (softmax(z, axis=1) - y) / 6",
		);
		const byPicking = (p: Params, input: Tensor, target: Tensor) =>
			linear(p, input)
				.logSoftmax(1)

				.takeAlongAxis(target.expandDims(1), 1)
				.mean()
				.neg();
		const place = "untake_along_axis(np.full((6, 1), 1.0), labels.reshape(6, 1), axis=1, size=3)";
		assert.equal(backward(derive(byPicking, { params, x, labels })), [
			`grad_z = (np.exp(logSoftmax1) - ${place}) / 6`,
			...LINEAR,
		]);
	});

	test("softmax by hand, exp(z) over its sum, gives p − y too", () => {
		const loss = (p: Params, input: Tensor, target: Tensor) => {
			const e = linear(p, input).exp().as("e");
			return target
				.mul(
					e
						.div(e.sum(1, { keepDims: true }))
						.as("p")
						.log(),
				)
				.sum()
				.neg();
		};
		const derivation = derive(loss, { params, x, y: probabilities }, { distributions: { y: 1 } });
		assert.ok(backward(derivation).includes("grad_z = p - y"), String(derivation));
	});

	test("logistic regression gives (σ − y)/n, from each way to write its loss", () => {
		const weights = { w: normal(6, [5]), b: tensor(0.3) };
		const target = normal(7, [6]).sigmoid();
		const one = tensor(1);
		const losses: ((z: Tensor, y: Tensor) => Tensor)[] = [
			(z, y) => {
				const p = z.sigmoid().as("p");
				return y
					.mul(p.log())
					.add(one.sub(y).mul(one.sub(p).log()))
					.mean()
					.neg();
			},
			(z, y) => {
				const p = z.sigmoid().as("p");
				return y
					.mul(p.log())
					.add(y.mul(-1).add(1).mul(p.mul(-1).add(1).log()))
					.sum()
					.div(-6);
			},
			(z, y) => z.softplus().sub(y.mul(z)).mean(),
			(z, y) => y.mul(z.logSigmoid()).add(one.sub(y).mul(z.neg().logSigmoid())).mean().neg(),
		];
		const first = losses.map((loss) => {
			const f = (p: Params, input: Tensor, y: Tensor) => loss(linear(p, input), y);
			return backward(derive(f, { weights, x, y: target }))[0];
		});
		assert.equal(first, [
			"grad_z = (p - y) / 6",
			"grad_z = (p - y) / 6",
			"grad_z = (sigmoid(z) - y) / 6",
			"grad_z = (sigmoid(z) - y) / 6",
		]);
	});

	test("least squares and ridge regression", () => {
		const weights = { w: normal(6, [5]) };
		const target = normal(7, [6]);
		const half = ({ w }: typeof weights, input: Tensor, y: Tensor) =>
			input.dot(w).as("p").sub(y).square().mean().div(2);
		assert.equal(backward(derive(half, { weights, x, y: target })), [
			"grad_p = (p - y) / 6",
			"grad_w = x.T.dot(grad_p)",
		]);
		const ridge = ({ w }: typeof weights, input: Tensor, y: Tensor) =>
			input.dot(w).as("p").sub(y).square().sum().add(w.square().sum().mul(0.01));
		assert.equal(backward(derive(ridge, { weights, x, y: target })), [
			"grad_p = 2.0 * (p - y)",
			"grad_w = 0.02 * w + x.T.dot(grad_p)",
		]);
	});

	test("layer norm shares its terms", () => {
		const weights = { gamma: normal(6, [3]), beta: normal(7, [3]), h: normal(8, [6, 3]) };
		const loss = ({ gamma, beta, h: given }: typeof weights, target: Tensor) => {
			const h = given.as("h");
			const centered = h.sub(h.mean(1, { keepDims: true })).as("centered");
			const sigma = centered.square().mean(1, { keepDims: true }).add(1e-5).sqrt().as("sigma");
			const x_hat = centered.div(sigma).as("x_hat");
			return x_hat.mul(gamma).add(beta).as("out").mul(target).sum();
		};
		const lines = backward(derive(loss, { weights, g: y }));
		assert.ok(lines.includes("grad_gamma = (g * x_hat).sum(axis=0)"), lines.join("\n"));
		assert.ok(lines.includes("grad_beta = g.sum(axis=0)"), lines.join("\n"));
		assert.ok(lines.includes("grad_x_hat = g * gamma"), lines.join("\n"));
	});

	test("scaled dot-product attention", () => {
		const weights = { wq: normal(6, [5, 3]), wk: normal(7, [5, 3]), wv: normal(8, [5, 3]) };
		const loss = ({ wq, wk, wv }: typeof weights, input: Tensor, target: Tensor) => {
			const [q, k, v] = [input.dot(wq).as("q"), input.dot(wk).as("k"), input.dot(wv).as("v")];
			const s = q.dot(k.T).div(Math.sqrt(3)).as("s");
			return s.softmax(1).as("a").dot(v).as("out").sub(target).square().sum();
		};
		assert.equal(backward(derive(loss, { weights, x, y })), [
			"grad_out = 2.0 * (out - y)",
			"grad_a = grad_out.dot(v.T)",
			"grad_s = (grad_a - (grad_a * a).sum(axis=1, keepdims=True)) * a",
			"term1 = grad_s / 1.7320508075688772",
			"grad_q = term1.dot(k)",
			"grad_wq = x.T.dot(grad_q)",
			"grad_k = term1.T.dot(q)",
			"grad_wk = x.T.dot(grad_k)",
			"grad_v = a.T.dot(grad_out)",
			"grad_wv = x.T.dot(grad_v)",
		]);
	});

	test("a deeper net with biases, no value named: each line has a name of its own", () => {
		const net = {
			layers: [
				{ w: normal(1, [5, 4]), b: normal(2, [4]) },
				{ w: normal(3, [4, 4]), b: normal(4, [4]) },
				{ w: normal(5, [4, 3]), b: normal(6, [3]) },
			],
		};
		const loss = ({ layers }: typeof net, input: Tensor, target: Tensor) => {
			const out = layers.reduce((h, { w, b }, i) => {
				const z = h.dot(w).add(b);
				return i < 2 ? z.tanh() : z;
			}, input);
			return out.sub(target).square().mean();
		};
		const derivation = derive(loss, { net, x, y });
		assert.equal(linesOf(derivation.forward), [
			"tanh1 = np.tanh(x.dot(layers_0_w) + layers_0_b)",
			"tanh2 = np.tanh(tanh1.dot(layers_1_w) + layers_1_b)",
			"sub1 = tanh2.dot(layers_2_w) + layers_2_b - y",
			"loss = np.square(sub1).mean()",
		]);
		assert.equal(backward(derivation), [
			"grad_sub1 = 2.0 * sub1 / 18",
			"grad_layers_2_w = tanh2.T.dot(grad_sub1)",
			"grad_layers_2_b = grad_sub1.sum(axis=0)",
			"grad_tanh2 = grad_sub1.dot(layers_2_w.T)",
			"term1 = grad_tanh2 * (1 - np.square(tanh2))",
			"grad_layers_1_w = tanh1.T.dot(term1)",
			"grad_layers_1_b = term1.sum(axis=0)",
			"grad_tanh1 = term1.dot(layers_1_w.T)",
			"term2 = grad_tanh1 * (1 - np.square(tanh1))",
			"grad_layers_0_w = x.T.dot(term2)",
			"grad_layers_0_b = term2.sum(axis=0)",
		]);
	});

	test("the shares of weights that are used twice add up", () => {
		const weights = { w: normal(1, [5, 5]) };
		const loss = ({ w }: typeof weights, input: Tensor) =>
			input.dot(w).as("h").dot(w).as("out").square().sum();
		assert.equal(backward(derive(loss, { weights, x })), [
			"grad_out = 2.0 * out",
			"grad_h = grad_out.dot(w.T)",
			"grad_w = h.T.dot(grad_out) + x.T.dot(grad_h)",
		]);
	});

	test("an absolute loss, a gradient of ones, one of zeros, and one that is the argument itself", () => {
		const weights = {
			w: params.w,
			u: normal(1, [2, 3]),
			v: normal(2, [2]),
			unused: normal(3, [2]),
		};
		const loss = ({ w, u, v }: typeof weights) =>
			x.dot(w).as("p").sub(y).abs().sum().add(u.sum()).add(v.square().sum().mul(0.5));
		assert.equal(backward(derive(loss, { weights })), [
			"grad_p = np.sign(p - c2)",
			"grad_w = c1.T.dot(grad_p)",
			"grad_v = v",
			"grad_u = np.full((2, 3), 1.0)",
			"grad_unused = np.zeros((2,))",
		]);
	});

	test("a recurrent net's gradients at the places of a sequence are stacked", () => {
		const loss = ({ w }: Params, sequence: Tensor) => {
			let h = sequence.slice(null, 0);
			for (const part of sequence.unstack(1).slice(1)) h = part.add(h.dot(w)).tanh();
			return h.square().sum();
		};
		const of = (sequence: Tensor, p: Params) => loss(p, sequence);
		const args = { sequence: normal(6, [2, 3, 4]), params: { w: normal(7, [4, 4]) } };
		const lines = backward(derive(of, args));
		assert.match(
			lines.at(-1)!,
			/^grad_sequence = np\.stack\(\(\w+\.dot\(w\.T\), \w+, \w+,\), axis=1\)$/,
		);
	});

	test("windows of a sequence that meet are added up in one", () => {
		const loss = (sequence: Tensor, filter: Tensor) =>
			[0, 1, 2]
				.map((t) =>
					sequence
						.slice([t, t + 2])
						.mul(filter)
						.sum()
						.exp(),
				)
				.reduce((a, b) => a.add(b));
		const derivation = derive(loss, { sequence: normal(8, [4]), filter: normal(9, [2]) });
		const [zeros, ...added] = backward(derivation).slice(-4);
		assert.is(zeros, "grad_sequence = np.zeros((4,))");
		for (const line of added) assert.match(line, /^grad_sequence\[\d?:\d?\] \+= .*\bfilter$/);
	});
});
