import * as assert from "uvu/assert";
import { elements } from "../../../lib/core/strided.ts";
import { type Derivation, derive } from "../../../lib/derivation/index.ts";
import {
	broadcastTo,
	concat,
	eye,
	ones,
	random,
	type Tensor,
	tensor,
	tril,
	triu,
	valueAndGrad,
} from "../../../lib/index.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { asArray, hasNumPy, runPython } from "../python.ts";
import { runPrinted } from "../run-printed.ts";

type Args = Readonly<Record<string, Tensor>>;
// biome-ignore lint/suspicious/noExplicitAny: functions of one to three tensors
type Loss = (...args: any[]) => Tensor;

/**
 * A function, and its arguments by the names of their axes; axes that are written as numbers have
 * no names.
 */
interface Case {
	readonly f: Loss;
	readonly shapes: Readonly<Record<string, readonly (string | number)[]>>;
	/** Texts that the NumPy program contains. */
	readonly numpy: readonly string[];
	readonly latex?: readonly string[];
	/** Some of its sizes are written into it, which the text says. */
	readonly isFixed?: true;
	/** It has no form as plain loops. */
	readonly noLoops?: true;
	readonly dtype?: "float32";
}

/**
 * Sizes to derive at, and the sizes that a printed program is given. Nothing in one follows from
 * the other.
 */
const HERE: Readonly<Record<string, number>> = { N: 6, D: 4, K: 3 };
const THERE: Readonly<Record<string, number>> = { N: 7, D: 3, K: 5 };

function argumentsAt({ shapes, dtype }: Case, sizes: Readonly<Record<string, number>>): Args {
	const made = Object.entries(shapes).map(([name, axes], i): [string, Tensor] => {
		const shape = axes.map((axis) => (typeof axis === "number" ? axis : sizes[axis]!));
		if (name !== "labels") {
			const x = random.normal(random.key(i), shape);
			return [name, dtype === undefined ? x : x.astype(dtype)];
		}
		const all = Array.from({ length: shape[0]! }, (_, row) => (row * 2) % sizes.K!);
		return [name, tensor(all, { dtype: "int32" })];
	});
	return Object.fromEntries(made);
}

const tolerance = ({ dtype }: Case) => (dtype === "float32" ? 1e-5 : 1e-12);

function derivationOf(each: Case): Derivation {
	const { f, shapes } = each;
	const named = Object.entries(shapes).filter(([, axes]) => axes.every((axis) => axis in HERE));
	const axes = Object.fromEntries(named) as Record<string, string[]>;
	return derive(f, argumentsAt(each, HERE), { axes });
}

/** The arguments at other sizes, the name of the first one, and its gradient by the engine. */
function elsewhere(each: Case): { args: Args; first: string; expected: Tensor } {
	const args = argumentsAt(each, THERE);
	const [, expected] = valueAndGrad(each.f)(...(Object.values(args) as [Tensor]));
	return { args, first: Object.keys(args)[0]!, expected };
}

/** Derives at some sizes, and runs what is printed at others. */
function checkElsewhere(each: Case): void {
	const { numpy, latex = [], noLoops } = each;
	const derivation = derivationOf(each);
	derivation.verify();
	const [text, tex] = [derivation.print("numpy"), derivation.print("latex")];
	for (const part of numpy) assert.ok(text.includes(part), text);
	for (const part of latex) assert.ok(tex.includes(part), tex);
	assert.is(text.includes("Holds for these shapes only"), each.isFixed === true, text);

	const { args, first, expected } = elsewhere(each);
	const given = new Map<string, unknown>(Object.entries(args));
	near(
		runPrinted(derivation.print("ts"), given)[`grad_${first}`] as Tensor,
		expected,
		tolerance(each),
	);
	if (noLoops !== true) {
		const arrays = new Map<string, unknown>(
			Object.entries(args).map(([name, x]) => [name, x.rank === 0 ? x.item() : elements(x)]),
		);
		for (const [label, variable] of derivation.sizes.variables) arrays.set(variable, THERE[label]);
		const found = runPrinted(derivation.print("plain"), arrays)[`grad_${first}`];
		near([...(found as Float64Array)], [...elements(expected)], tolerance(each));
	}
}

const cases: Readonly<Record<string, Case>> = {
	"a mean over one axis": {
		f: (w, x, y) => x.dot(w).as("p").sub(y).square().mean(),
		shapes: { w: ["D"], x: ["N", "D"], y: ["N"] },
		numpy: ["\nN = x.shape[0]\n", "grad_p = 2.0 * (p - y) / N"],
		latex: ["\\frac{2\\,(p - y)}{N}"],
	},
	"a mean over two axes": {
		f: (w, x, y) => x.dot(w).as("p").sub(y).square().mean(),
		shapes: { w: ["D", "K"], x: ["N", "D"], y: ["N", "K"] },
		numpy: ["grad_p = 2.0 * (p - y) / (K * N)"],
		latex: ["\\frac{2\\,(p - y)}{K \\cdot N}"],
	},
	"a factor that was folded into the count": {
		f: (w, x) => x.dot(w).as("p").square().mul(0.35).mean(),
		shapes: { w: ["D"], x: ["N", "D"] },
		numpy: ["grad_p = 0.7 / N * p"],
		latex: ["\\frac{0.7}{N}\\,p"],
	},
	"means of float32": {
		f: (w, x) => x.dot(w).as("p").square().mul(0.3).mean(),
		shapes: { w: ["D"], x: ["N", "D"] },
		numpy: ["grad_p = 0.6 / N * p"],
		dtype: "float32",
	},
	"cross entropy with integer labels": {
		f: (w, x, labels) => x.dot(w).logSoftmax(1).takeAlongAxis(labels.expandDims(1), 1).mean().neg(),
		shapes: { w: ["D", "K"], x: ["N", "D"], labels: ["N"] },
		numpy: ["np.full((N, 1), 1.0)", "labels.reshape(N, 1)", "size=K", "/ N"],
		latex: ["}{N} &&"],
	},
	"an unbiased variance": {
		f: (x, r) => {
			const c = x.sub(x.mean(0)).as("c");
			const v = c
				.square()
				.sum(0)
				.div(x.shape[0] - 1)
				.as("v");
			return c.div(v.add(1).sqrt()).mul(r).sum();
		},
		shapes: { x: ["N", "D"], r: ["N", "D"] },
		numpy: ["v = np.square(c).sum(axis=0) / (N - 1)", "grad_c.mean(axis=0)"],
		latex: ["\\frac{1}{N - 1}"],
	},
	"the variance of an op": {
		f: (x) => x.variance(0, { ddof: 1 }).square().sum(),
		shapes: { x: ["N", "D"] },
		numpy: ["(N - 1)"],
	},
	"a root of a size": {
		f: (w, x) => x.dot(w).dot(x.T).div(Math.sqrt(x.shape[1]!)).softmax(1).dot(x).square().sum(),
		shapes: { w: ["D", "D"], x: ["N", "D"] },
		numpy: ["/ D ** 0.5"],
		latex: ["\\sqrt{D}"],
	},
	"reshapes, with sizes that are plain numbers among them": {
		f: (w, x) => x.dot(w).reshape([x.shape[0]!, 2, 5]).sum(1).square().sum(),
		isFixed: true,
		shapes: { w: ["D", 10], x: ["N", "D"] },
		numpy: ["reshape(N, 2, 5)", "np.broadcast_to(", "(N, 2, 5))", "reshape(N, 10)"],
	},
	"axes that are merged": {
		f: (w, x) => x.dot(w).reshape([-1]).cumsum(0).square().sum(),
		shapes: { w: ["D", "K"], x: ["N", "D"] },
		numpy: [".reshape(K * N)", ".reshape(N, K)"],
		noLoops: true,
	},
	"gradients that are one number all over": {
		f: (u, x) => u.sum().add(x.mean()),
		shapes: { u: ["K", "D"], x: ["N", "D"] },
		numpy: ["grad_u = np.full((K, D), 1.0)"],
		latex: ["= 1 && K \\times D"],
	},
	"an argument that is stretched": {
		f: (b, x) => broadcastTo(b, [x.shape[0]!, b.shape[0]!]).as("B").cumsum(0).mul(x).mean(),
		shapes: { b: ["D"], x: ["N", "D"] },
		numpy: ["B = np.broadcast_to(b, (N, D))"],
		noLoops: true,
	},
	"an identity that each element is multiplied by": {
		f: (x, a, b) => a.dot(x).dot(b).mul(eye(a.shape[0]!)).square().sum(),
		shapes: { x: ["D", "K"], a: ["N", "D"], b: ["K", "N"] },
		numpy: ["\nN = a.shape[0]\n\nc1 = np.eye(N)\n"],
		latex: ["c_{1} &= I && N \\times N"],
	},
	"a multiple of the identity": {
		f: (x) => x.dot(eye(x.shape[1]!).div(x.shape[1]!)).square().sum(),
		shapes: { x: ["N", "D"] },
		numpy: ["c1 = 1 / D * np.eye(D)\n"],
		latex: ["c_{1} &= \\frac{1}{D}\\,I && D \\times D"],
	},
	"a triangle of ones": {
		f: (x) =>
			x
				.dot(triu(ones([x.shape[1]!, x.shape[1]!]), 3 - x.shape[1]!))
				.square()
				.mean(),
		shapes: { x: ["N", "D"] },
		numpy: ["c1 = np.triu(np.ones((D, D)), k=-(D - 3))\n"],
	},
	"a triangle of ones whose diagonal is the last": {
		f: (x) =>
			x
				.dot(triu(ones([x.shape[1]!, x.shape[1]!]), x.shape[1]! - 1))
				.square()
				.mean(),
		shapes: { x: ["N", "D"] },
		numpy: ["c1 = np.triu(np.ones((D, D)), k=D - 1)\n"],
		latex: ["\\operatorname{triu}_{D - 1}(1)"],
	},
	"a causal mask": {
		f: (x) => {
			const n = x.shape[0]!;
			const mask = tril(ones([n, n], { dtype: "bool" }));
			return mask.where(x.dot(x.T), Number.NEGATIVE_INFINITY).softmax(1).dot(x).square().mean();
		},
		shapes: { x: ["N", "D"] },
		numpy: ["c1 = np.tril(np.ones((N, N), dtype=np.bool_))\n"],
	},
	"a choice that a factor goes into": {
		f: (x) => x.greater(0).where(x.reciprocal(), 0).mean(),
		shapes: { x: ["N"] },
		numpy: ["np.where(greater1, -1 / N * np.square(1 / x), 0)"],
	},
	"a product that keeps zeros": {
		f: (x, y) => x.greater(0).where(x.log().mul(y.shape[0]!).as("l"), 0).square().sum(),
		shapes: { x: ["N"], y: ["D"] },
		numpy: ["scaled(D * grad_l, 1 / x)"],
	},
	"slices and padding": {
		f: (x) =>
			concat([x.slice([0, 3]), x])
				.square()
				.mean(),
		shapes: { x: ["N"] },
		numpy: ["(N + 3)"],
		noLoops: true,
	},
};

suite("derivation/text/size-writer", (test) => {
	for (const [name, each] of Object.entries(cases)) {
		test(`printed with names of axes, it holds for other sizes: ${name}`, () => {
			checkElsewhere(each);
		});
	}

	if (!hasNumPy()) {
		console.log(
			"derivation/text/size-writer: no python3 with NumPy here, so NumPy programs are not run",
		);
		return;
	}

	test("the NumPy programs hold for other sizes", () => {
		const all = Object.values(cases).map((each, i) => {
			const { args, first, expected } = elsewhere(each);
			const given = Object.entries(args).map(([name, x]) => `${name} = ${asArray(x)}`);
			const program = [...given, derivationOf(each).print("numpy"), `r${i} = grad_${first}`];
			return { program: program.join("\n"), expected, tolerance: tolerance(each) };
		});
		const program = ["import numpy as np", ...all.map((each) => each.program)].join("\n");
		const found = runPython(
			program,
			all.map((_, i) => `r${i}`),
		);
		for (const [i, { expected, tolerance }] of all.entries()) {
			const { shape, elements } = found.get(`r${i}`)!;
			near(tensor(elements).reshape(shape), expected.astype("float64"), tolerance);
		}
	});
});
