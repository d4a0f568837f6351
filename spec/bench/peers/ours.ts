import { conv2d, type DType, grad, oneHot, type Tensor, valueAndGrad, vmap, where } from "adjoint";
import { compile } from "adjoint/compile";
import {
	descent,
	gaussianProcess,
	type Model,
	mlp,
	recurrent,
	type Training,
	written,
} from "./models.ts";
import { numbers } from "./numbers.ts";
import { lazily } from "./values.ts";

// biome-ignore lint/suspicious/noExplicitAny: a function of tensors, whatever they are
type Prepare = <F extends (...args: any[]) => unknown>(f: F) => F;
type Cases = Record<string, () => unknown>;

/**
 * A function for each case, which runs it once, of a function that is run as it is or compiled by
 * `prepare`.
 */
export function casesOf(prepare: Prepare): Cases {
	const cases: Record<string, () => () => unknown> = {
		"convolutional step, float32": () => convolutionalStep(prepare),
		"small mlp step, float64": () => training(prepare, descent(mlp("float64", [32, 16, 10], 8))),
		"gradients of 256 examples, float32": () =>
			gradients(prepare, mlp("float32", [32, 64, 10], 256)),
		"rnn gradient, float64": () => gradient(prepare, recurrent("float64")),
	};
	for (const [name, make] of Object.entries(written)) {
		cases[name] = () => training(prepare, make());
	}
	for (const points of [100, 300, 600]) {
		cases[`gaussian process gradient, ${points} points, float64`] = () =>
			valueAndGradient(prepare, gaussianProcess(points));
	}
	for (const dtype of ["float32", "float64"] as const) {
		for (const n of [64, 256, 1024]) {
			cases[`product ${n}³, ${dtype}`] = () => product(prepare, dtype, n);
		}
	}
	const lazy = Object.entries(cases).map(([name, make]) => [name, lazily(make)] as const);
	return { ...Object.fromEntries(lazy), ...rows(prepare) };
}

/** The cases, compiled. */
export const compiledCases = (threads: number) =>
	casesOf((f) => compile(f, { threads }) as unknown as typeof f);

/** Asks for a value, so that the result is there. */
const read = (x: Tensor) => x.array[0];

/** Ops on a million numbers, 1000×1000. */
function rows(prepare: Prepare): Cases {
	const ops: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
		add: (x, y) => x.add(y),
		relu: (x) => x.maximum(0),
		exp: (x) => x.exp(),
		tanh: (x) => x.tanh(),
		where: (x, y) => where(x.greater(0), x, y),
		sum: (x) => x.sum(),
		"max of rows": (x) => x.max(1),
		softmax: (x) => x.softmax(1),
		"add a row": (x, y) => x.add(y.slice(0)),
		"add a transpose": (x, y) => x.add(y.T),
		take: (x) => x.take(places, 0),
		sort: (x) => x.sort(1),
		"gradient of relu and sum": grad((x) => x.maximum(0).sum()),
		"gradient of softmax and product": grad((x, y) => x.softmax(1).mul(y).sum()),
	};
	let operands: readonly [Tensor, Tensor] | undefined;
	const [a, b] = [0, 1].map((i) => () => {
		operands ??= [numbers(1, "float32", [1000, 1000]), numbers(2, "float32", [1000, 1000])];
		return operands[i]!;
	}) as [() => Tensor, () => Tensor];
	const places = numbers(3, "float64", [1000], 500, 500).floor().astype("int32");
	const cases: Cases = {};
	// A result that is left where it is can be an argument of the next call; one that is read is
	// copied.
	for (const [name, op] of Object.entries(ops)) {
		const run = prepare(op);
		const isSum = name === "sum";
		if (!isSum) cases[`${name}, 1e6 float32`] = () => run(a(), b());
		cases[`${name}, 1e6 float32${isSum ? "" : ", read"}`] = () => read(run(a(), b()));
	}
	return cases;
}

/** A training step that is fed its own results. */
function training(prepare: Prepare, { params, inputs, ...made }: Training): () => unknown {
	const step = prepare(made.step);
	let now = params;
	return () => {
		const result = step(now, inputs);
		now = result.params;
		return read(result.value);
	};
}

/** The gradient alone, of which one number is read. */
function gradient(prepare: Prepare, { params, inputs, loss }: Model): () => unknown {
	const run = prepare(grad(loss));
	return () => read(run(params, ...inputs)[0]!);
}

/** The value and its gradient by numbers, all of which are read. */
function valueAndGradient(prepare: Prepare, { params, inputs, loss }: Model): () => unknown {
	const run = prepare(valueAndGrad(loss));
	return () => {
		const [value, gradients] = run(params, ...inputs);
		return [value, ...gradients].reduce((sum, x) => sum + Number(read(x)), 0);
	};
}

/** The gradient of each example. */
function gradients(prepare: Prepare, { params, inputs, loss }: Model): () => unknown {
	const one = (p: readonly Tensor[], x: Tensor, y: Tensor) =>
		loss(p, x.expandDims(0), y.expandDims(0));
	const run = prepare(vmap(grad(one), { in: [null, 0, 0] }));
	return () => read(run(params, inputs[0]!, inputs[1]!).at(-1)!);
}

function convolutionalStep(prepare: Prepare): () => unknown {
	const labels = Array.from({ length: 32 }, (_, i) => i % 10);
	const options = { stride: 2, padding: 1 };
	const model: Model = {
		params: [
			numbers(2, "float32", [8, 1, 3, 3], 0.3),
			numbers(3, "float32", [16, 8, 3, 3], 0.1),
			numbers(4, "float32", [16 * 7 * 7, 10], 0.03),
		],
		inputs: [numbers(1, "float32", [32, 1, 28, 28]), oneHot(labels, 10, { dtype: "float32" })],
		loss: ([c1, c2, w], x, labels) => {
			const h1 = conv2d(x!, c1!, options).maximum(0);
			const h2 = conv2d(h1, c2!, options).maximum(0);
			const logits = h2.reshape([32, 16 * 7 * 7]).matmul(w!);
			return logits.logSoftmax(-1).mul(labels!).sum(1).mean().neg();
		},
	};
	return training(prepare, descent(model));
}

function product(prepare: Prepare, dtype: DType, n: number): () => unknown {
	const [x, w] = [numbers(1, dtype, [n, n]), numbers(2, dtype, [n, n])];
	const run = prepare((a: Tensor, b: Tensor) => a.matmul(b));
	return () => read(run(x, w));
}
