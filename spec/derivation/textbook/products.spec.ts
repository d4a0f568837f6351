import { einsum, eye, grad, ones, type Tensor, zeros } from "../../../lib/index.ts";
import { checkForms } from "./forms.ts";

const traced = { x: ["D", "K"], a: ["N", "D"], b: ["K", "N"] };

checkForms("derivation/textbook/products", {
	"the trace of a·x·b has the gradient aᵀ·bᵀ": {
		f: (x, a, b) => a!.dot(x!).dot(b!).diagonal().sum(),
		shapes: traced,
		backward: ["grad_x = a.T.dot(b.T)"],
	},
	"so has a half of it, times a half": {
		f: (x, a, b) => a!.dot(x!).dot(b!).diagonal().sum().div(2),
		shapes: traced,
		backward: ["grad_x = a.T.dot(b.T / 2)"],
	},
	"and the sum of the elements beside an identity": {
		f: (x, a, b) => a!.dot(x!).dot(b!).mul(eye(a!.shape[0]!)).sum(),
		shapes: traced,
		backward: ["grad_x = a.T.dot(b.T)"],
	},
	"x·a·x for a vector has the gradient a·x + aᵀ·x": {
		f: (x, a) => x!.dot(a!).dot(x!),
		shapes: { x: ["D"], a: ["D", "D"] },
		forward: ["dot1 = x.dot(a)", "loss = dot1.dot(x)"],
		backward: ["grad_x = dot1 + a.dot(x)"],
	},
	"a product with the identity is not there": {
		f: (w, x) => x!.dot(eye(x!.shape[1]!)).dot(w!).square().sum(),
		shapes: { w: ["D"], x: ["N", "D"] },
		forward: ["dot1 = x.dot(w)", "loss = np.square(dot1).sum()"],
		backward: ["grad_dot1 = 2.0 * dot1", "grad_w = x.T.dot(grad_dot1)"],
	},
	"the gradient of a sum of products is a sum": {
		f: (w, x) => x!.dot(w!).sum(),
		shapes: { w: ["D"], x: ["N", "D"] },
		backward: ["grad_w = x.sum(axis=0)"],
	},
	"of a mean of products with a matrix, the same in each column": {
		f: (w, x) => x!.dot(w!).mean(),
		shapes: { w: ["D", "K"], x: ["N", "D"] },
		backward: ["grad_w = np.broadcast_to(x.T.sum(axis=1, keepdims=True), (D, K)) / (K * N)"],
	},
	"ones that the user multiplied with stay forward": {
		f: (w, x) => ones([x!.shape[0]!]).dot(x!).dot(w!),
		shapes: { w: ["D"], x: ["N", "D"] },
		forward: ["dot1 = np.full((N,), 1.0).dot(x)", "loss = dot1.dot(w)"],
		backward: ["grad_w = dot1"],
	},
	"a state of zeros adds nothing to the first step, forward or backward": {
		f: (u, x) => {
			const start = zeros([x!.shape[0]!, x!.shape[1]!]);
			const h = x!.add(start.dot(u!)).tanh().as("h");
			return h.dot(u!).add(x!).square().sum();
		},
		shapes: { u: ["D", "D"], x: ["N", "D"] },
		forward: ["h = np.tanh(x)", "dot1 = h.dot(u)", "loss = np.square(dot1 + x).sum()"],
		backward: ["grad_dot1 = 2.0 * (dot1 + x)", "grad_u = h.T.dot(grad_dot1)"],
	},
	"what only differs by zeros that are added is one value, with one gradient": {
		f: (x) => x!.add(0).tanh().mul(x!.tanh()).sum(),
		shapes: { x: ["N"] },
		forward: ["tanh1 = np.tanh(x)", "loss = (tanh1 * tanh1).sum()"],
		backward: ["grad_tanh1 = 2.0 * tanh1", "grad_x = grad_tanh1 * (1 - np.square(tanh1))"],
	},
	"what depends on the argument by a factor 0 alone has no gradient": {
		f: (u, x) => {
			const h = x!.add(zeros([x!.shape[0]!, u!.shape[0]!]).dot(u!)).tanh();
			return h.mul(x!.tanh()).mul(u!.sum()).sum();
		},
		shapes: { u: ["D", "D"], x: ["N", "D"] },
		backward: ["grad_u = np.broadcast_to((tanh1 * tanh1).sum(), (D, D))"],
	},
	"the gradient of a gradient has no factor 1": {
		f: (w, x, y) =>
			grad((v: Tensor) => x!.dot(v).sub(y!).square().sum())(w!)
				.square()
				.sum(),
		shapes: { w: ["D"], x: ["N", "D"], y: ["N"] },
		forward: ["dot1 = x.T.dot(2.0 * (x.dot(w) - y))", "loss = np.square(dot1).sum()"],
		backward: ["grad_dot1 = 2.0 * dot1", "grad_w = x.T.dot(2.0 * x.dot(grad_dot1))"],
	},
	"a linear layer on three axes needs no other shape": {
		f: (w, x) => x!.dot(w!).tanh().sum(),
		shapes: { w: ["D", "K"], x: ["B", "N", "D"] },
		forward: ["tanh1 = np.tanh(x.dot(w))", "loss = tanh1.sum()"],
		backward: ['grad_w = np.einsum("ijk,ijl->kl", x, 1 - np.square(tanh1))'],
		latex: ["\\tanh(x\\,w)", "\\sum_{ij} x_{ijk}\\,(1 - \\mathrm{tanh}_{1}^{2})_{ijl}"],
	},
	"nor do two, the gradient on its way through them, or the bias": {
		f: (w, v, b, x) => x!.dot(w!).maximum(0).as("h").dot(v!).add(b!).square().sum(),
		shapes: { w: ["D", "K"], v: ["K", "M"], b: ["M"], x: ["B", "N", "D"] },
		forward: [
			"dot1 = x.dot(w)",
			"h = np.maximum(dot1, 0)",
			"dot2 = h.dot(v)",
			"loss = np.square(dot2 + b).sum()",
		],
		backward: [
			"grad_dot2 = 2.0 * (dot2 + b)",
			"grad_h = grad_dot2.dot(v.T)",
			"grad_dot1 = grad_h.copy()",
			"grad_dot1[dot1 < 0] = 0",
			'grad_w = np.einsum("ijk,ijl->kl", x, grad_dot1)',
		],
	},
	"nor does a layer of one output": {
		f: (w, x) => x!.dot(w!).square().sum(),
		shapes: { w: ["D"], x: ["B", "N", "D"] },
		forward: ["dot1 = x.dot(w)", "loss = np.square(dot1).sum()"],
		backward: ["grad_dot1 = 2.0 * dot1", 'grad_w = np.einsum("ijk,ij->k", x, grad_dot1)'],
	},
	"nor the gradient of its input": {
		f: (x, w) => x!.dot(w!).square().sum(),
		shapes: { x: ["B", "N", "D"], w: ["D", "K"] },
		backward: ["grad_dot1 = 2.0 * dot1", "grad_x = grad_dot1.dot(w.T)"],
	},
	"a shape that the user named stays": {
		f: (w, x) => x!.reshape([-1, x!.shape[2]!]).as("rows").dot(w!).square().sum(),
		shapes: { w: ["D", "K"], x: ["B", "N", "D"] },
		forward: ["rows = x.reshape(B * N, D)", "dot1 = rows.dot(w)", "loss = np.square(dot1).sum()"],
		backward: ["grad_dot1 = 2.0 * dot1", "grad_w = rows.T.dot(grad_dot1)"],
	},
	"sums of products that the user wrote as such go back as products": {
		f: (x, a, b) => einsum("ij,jk,ki->", a!, x!, b!),
		shapes: traced,
		backward: ["grad_x = a.T.dot(b.T)"],
	},
	"and as sums of products where they go along a batch": {
		f: (x, a) => einsum("bij,bjk->bik", a!, x!).square().sum(),
		shapes: { x: ["B", "D", "K"], a: ["B", "N", "D"] },
		backward: [
			"grad_einsum1 = 2.0 * einsum1",
			'grad_x = np.einsum("bij,bik->bjk", a, grad_einsum1)',
		],
	},
});
