import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import {
	norm,
	random,
	softmax,
	std,
	sub,
	type Tensor,
	tensor,
	valueAndGrad,
	variance,
} from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { asArray, hasNumPy, runPython } from "./python.ts";
import { runPrinted } from "./run-printed.ts";

// Normalizations and losses as textbooks have them: the lines that the gradient must have, and what
// is printed run at sizes that it was not derived at.

/** A function, its arguments by the names of their axes, and lines of its printed gradient. */
interface Form {
	// biome-ignore lint/suspicious/noExplicitAny: functions of one to three tensors
	readonly f: (...args: any[]) => Tensor;
	readonly shapes: Readonly<Record<string, readonly string[]>>;
	readonly lines: readonly string[];
	/** Arguments that add up to 1 along their last axis. */
	readonly distributions?: readonly string[];
}

const ROWS = { x: ["N", "D"], g: ["N", "D"] };
const last = { keepDims: true };
const centered = (x: Tensor) => x.sub(x.mean(-1, last));
const deviation = (x: Tensor) => centered(x).square().mean(-1, last).add(1e-5).sqrt();

const LAYER_NORM =
	"(g - mul1.mean(axis=1, keepdims=True) * div1 - g.mean(axis=1, keepdims=True)) / ";

const FORMS: Readonly<Record<string, Form>> = {
	"layer norm by hand": {
		f: (x, g) => centered(x).div(deviation(x)).mul(g).sum(),
		shapes: ROWS,
		lines: ["div1 = (x - mean1) / sqrt1", `grad_x = ${LAYER_NORM}sqrt1`],
	},
	"the mean over a layer norm": {
		f: (x, g) => centered(x).div(deviation(x)).mul(g).mean(),
		shapes: ROWS,
		lines: [`grad_x = ${LAYER_NORM}sqrt1 / (N * D)`],
	},
	"layer norm with named values and a scale": {
		f: (x, g, gamma) => centered(x).div(deviation(x)).as("xhat").mul(gamma).mul(g).sum(),
		shapes: { ...ROWS, gamma: ["D"] },
		lines: [
			"grad_x = (grad_xhat - mul1.mean(axis=1, keepdims=True) * xhat - " +
				"grad_xhat.mean(axis=1, keepdims=True)) / sqrt1",
		],
	},
	"layer norm with variance": {
		f: (x, g) =>
			centered(x)
				.div(variance(x, -1, last).add(1e-5).sqrt())
				.mul(g)
				.sum(),
		shapes: ROWS,
		lines: [`grad_x = ${LAYER_NORM}sqrt1`],
	},
	"layer norm with std": {
		f: (x, g) =>
			centered(x)
				.div(std(x, -1, last))
				.mul(g)
				.sum(),
		shapes: ROWS,
		lines: [`grad_x = ${LAYER_NORM}std1`],
	},
	"columns brought to mean 0 and deviation 1": {
		f: (x, g) => x.sub(x.mean(0)).div(std(x, 0)).mul(g).sum(),
		shapes: ROWS,
		lines: ["grad_x = (g - mul1.mean(axis=0) * div1 - g.mean(axis=0)) / std1"],
	},
	"batch norm by hand": {
		f: (x, g, gamma) => {
			const c = x.sub(x.mean(0));
			return c.div(c.square().mean(0).add(1e-5).sqrt()).mul(gamma).mul(g).sum();
		},
		shapes: { ...ROWS, gamma: ["D"] },
		lines: ["grad_x = (g - (g * div1).mean(axis=0) * div1 - g.mean(axis=0)) * gamma / sqrt1"],
	},
	"RMS norm": {
		f: (x, g) => x.div(x.square().mean(-1, last).add(1e-5).sqrt()).mul(g).sum(),
		shapes: ROWS,
		lines: ["grad_x = (g - mul1.mean(axis=1, keepdims=True) * (x / sqrt1)) / sqrt1"],
	},
	"a value less its mean": {
		f: (x, g) => x.sub(x.mean(0)).mul(g).sum(),
		shapes: ROWS,
		lines: ["grad_x = g - g.mean(axis=0)"],
	},
	"the norm of a matrix": {
		f: (x) => norm(x),
		shapes: { x: ["N", "D"] },
		lines: ["grad_x = np.where(loss > 0, x / loss, 0)"],
	},
	"rows of length 1": {
		f: (x, g) =>
			x
				.div(norm(x, -1, last))
				.mul(g)
				.sum(),
		shapes: ROWS,
		lines: ["grad_x = (g - mul1.sum(axis=1, keepdims=True) * (x / norm1)) / norm1"],
	},
	"cosine similarity": {
		f: (x, y) => x.dot(y).div(norm(x)).div(norm(y)),
		shapes: { x: ["D"], y: ["D"] },
		lines: ["grad_x = (y / norm2 - loss * x / norm1) / norm1"],
	},
	"nn.cosineDistance": {
		f: (x, y) => nn.cosineDistance(x, y),
		shapes: { x: ["N", "D"], y: ["N", "D"] },
		lines: [
			"mul1 = x / (norm1 + where1) * (y / (norm2 + where2))",
			"grad_x = (mul1.sum(axis=1, keepdims=True) * np.where(norm1 > 0, x / norm1, 0) - y / (norm2 + where2)) / (norm1 + where1) / N",
		],
	},
	"nn.huberLoss": {
		f: (x, y) => nn.huberLoss(x, y),
		shapes: { x: ["N"], y: ["N"] },
		lines: ["clip1 = np.clip(x - y, -1, 1)", "grad_x = clip1 / N"],
	},
	"Huber's loss with a minimum": {
		f: (x, y) => {
			const r = x.sub(y).abs().as("r");
			const c = r.minimum(1).as("c");
			return c.mul(r.sub(c.mul(0.5))).sum();
		},
		shapes: { x: ["N"], y: ["N"] },
		lines: ["grad_x = c * np.sign(x - y)"],
	},
	"cross entropy with smoothed labels": {
		f: (x, y) => nn.crossEntropy(x, y, { labelSmoothing: 0.1 }),
		shapes: { x: ["N", "K"], y: ["N", "K"] },
		distributions: ["y"],
		lines: ["grad_x = (np.exp(logSoftmax1) - add1) / N"],
	},
	"cross entropy with labels smoothed by an argument": {
		f: (x, y, eps) => {
			const t = sub(1, eps).mul(y).add(eps.div(y.shape[1]!)).as("t");
			return x.softmax(1).as("p").log().mul(t).sum().neg();
		},
		shapes: { x: ["N", "K"], y: ["N", "K"], eps: [] },
		distributions: ["y"],
		lines: ["grad_x = p - t"],
	},
	"cross entropy with mixed labels": {
		f: (x, y, z) =>
			x
				.logSoftmax(1)
				.mul(y.mul(0.3).add(z.mul(0.7)).as("t"))
				.sum()
				.neg(),
		shapes: { x: ["N", "K"], y: ["N", "K"], z: ["N", "K"] },
		distributions: ["y", "z"],
		lines: ["grad_x = np.exp(logSoftmax1) - t"],
	},
};

const HERE: Readonly<Record<string, number>> = { N: 5, D: 4, K: 3 };
const THERE: Readonly<Record<string, number>> = { N: 7, D: 3, K: 6 };

function argumentsAt(form: Form, sizes: Readonly<Record<string, number>>): Record<string, Tensor> {
	const made = Object.entries(form.shapes).map(([name, axes], i): [string, Tensor] => {
		const shape = axes.map((axis) => sizes[axis]!);
		const x = shape.length === 0 ? tensor(0.2) : random.normal(random.key(i), shape);
		return [name, form.distributions?.includes(name) ? softmax(x) : x];
	});
	return Object.fromEntries(made);
}

function derived(form: Form) {
	const along = (form.distributions ?? []).map((name): [string, number] => [name, -1]);
	return derive(form.f, argumentsAt(form, HERE), {
		axes: form.shapes,
		distributions: Object.fromEntries(along),
	});
}

suite("derivation/normal-forms", (test) => {
	for (const [name, form] of Object.entries(FORMS)) {
		test(`${name} has the gradient of the textbook, at other sizes too`, () => {
			const derivation = derived(form);
			const text = derivation.print("numpy");
			for (const line of form.lines) assert.ok(text.includes(line), text);
			assert.not(text.includes("for these shapes only"), text);
			derivation.verify();
			const args = argumentsAt(form, THERE);
			const [, expected] = valueAndGrad(form.f)(...(Object.values(args) as [Tensor]));
			const found = runPrinted(derivation.print("ts"), new Map(Object.entries(args)));
			near(found.grad_x as Tensor, expected, 1e-12);
		});
	}

	test("where a length is 0 its gradient is 0, as printed too", () => {
		const text = derive((x: Tensor) => norm(x), { x: tensor([3, 4]) }).print("ts");
		const found = runPrinted(text, new Map([["x", tensor([0, 0])]]));
		assert.equal([...(found.grad_x as Tensor).data], [0, 0]);
	});

	if (hasNumPy()) {
		test("as NumPy they give the engine's gradients at other sizes", () => {
			const parts = Object.values(FORMS).map((form, i) => {
				const given = Object.entries(argumentsAt(form, THERE));
				const lines = given.map(([name, x]) => `${name} = ${asArray(x)}`);
				return [...lines, derived(form).print("numpy"), `found${i} = grad_x`].join("\n");
			});
			const names = parts.map((_, i) => `found${i}`);
			const all = runPython(["import numpy as np", ...parts].join("\n"), names);
			for (const [i, form] of Object.values(FORMS).entries()) {
				const args = Object.values(argumentsAt(form, THERE)) as [Tensor];
				const [, expected] = valueAndGrad(form.f)(...args);
				const { shape, elements } = all.get(`found${i}`)!;
				near(tensor(elements).reshape(shape), expected, 1e-12);
			}
		});
	}
});
