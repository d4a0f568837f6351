import * as check from "../../lib/check/index.ts";
import * as compile from "../../lib/compile/index.ts";
import * as data from "../../lib/data/index.ts";
import * as adjoint from "../../lib/index.ts";
import { type DType, mapTree, type Tensor, tensor } from "../../lib/index.ts";
import { readSafetensors } from "../../lib/io/index.ts";
import * as nn from "../../lib/nn/index.ts";
import * as ode from "../../lib/ode/index.ts";
import * as optim from "../../lib/optim/index.ts";
import { inputs, weights } from "./inputs.ts";
import { type Mode, type Numbers, type Outcome, toValue } from "./values.ts";

const { add, grad, mul, random, sum } = adjoint;

type Inputs = Readonly<Record<string, Tensor>>;

const input = ({ dtype, shape, data }: Numbers) =>
	tensor([...data], { dtype: dtype as DType }).reshape([...shape]);

/** The functions that the expressions of the document use; those in `peers/` are the same. */
const functions = {
	f: (w: Tensor) => w.square().mul(w).sum(),
	cubes: (x: Tensor) => x.square().mul(x),
	h: ({ a, b }: { a: Tensor; b: Tensor }) => mul(a, b).sum(),
	h2: (a: Tensor, b: Tensor) => mul(a, b).sum(),
	step: (c: Tensor, x: Tensor) => [c.mul(x).tanh(), c],
	pull: (g: Tensor, _: Tensor, x: Tensor) => x.mul(g),
	n: 2,
	axis: 0,
};

/** Parameters for a comparison: `w` for all matrices, `b` for all vectors. */
const filled = <T>(params: T, { w, b }: Inputs): T =>
	mapTree((one: Tensor) => (one.rank === 2 ? w! : b!), params);

const isLayer = (x: unknown): x is nn.Layer<unknown> | nn.StatefulLayer<unknown, unknown> =>
	typeof x === "object" && x !== null && "apply" in x && "init" in x;
const isOptimizer = (x: unknown): x is optim.Optimizer =>
	typeof x === "object" && x !== null && "update" in x;

/**
 * A layer stands for its output in training, with the running mean if it has one; an optimizer for
 * what three updates give.
 */
function made(x: unknown, given: Inputs): unknown {
	if (isLayer(x)) {
		const params = filled(x.init(random.key(0)), given);
		if (!("initialState" in x)) return x.apply(params, given.x!, { train: true });
		const [y, state] = x.apply(params, x.initialState(), given.x!, { train: true });
		return [y, (state as { mean: Tensor }).mean];
	}
	if (isOptimizer(x)) {
		let [params, state] = [given.w!, x.init(given.w!)];
		for (let step = 1; step <= 3; step++) {
			[params, state] = x.update(mul(given.z!.slice([0, 3]), step), state, params);
		}
		return params;
	}
	return x;
}

/** Runs an expression of this library's column. */
export async function outcomeOf(
	section: string,
	code: string,
	path: string,
	mode: Mode,
): Promise<Outcome> {
	const given: Inputs = mapEntries(inputs[section]!, input);
	const isAsync = code.includes("await ");
	const run = (given: Inputs): unknown => {
		const model = nn.linear(3, 3);
		const known = {
			...{
				...adjoint,
				...check,
				...compile,
				...data,
				...nn,
				...ode,
				...optim,
				readSafetensors,
				path,
			},
			...functions,
			...{ model, params: { w: given.w, b: given.b } },
			...given,
		};
		const body = `"use strict"; return ${isAsync ? `(async () => (${code}))()` : `(${code})`};`;
		return made(new Function(...Object.keys(known), body)(...Object.values(known)), given);
	};
	try {
		const value = toValue(await run(given));
		if (mode !== "gradient" || isAsync) return { value, gradient: null };
		const variables = mapEntries(given, (x) => (x.dtype === "float64" ? x : null));
		const total = (variables: Inputs) => {
			let total: Tensor = tensor(0);
			for (const part of tensorsIn(run({ ...given, ...variables }))) {
				const by = tensor(weights.slice(0, part.size)).reshape(part.shape);
				total = add(total, sum(mul(part.astype("float64"), by)));
			}
			return total;
		};
		const gradients: Inputs = grad(total)(variables);
		return { value, gradient: mapEntries(gradients, (x) => toValue(x) as Numbers) };
	} catch (error) {
		return { error: String(error) };
	}
}

/** The tensors of floats in a nested value. */
function tensorsIn(value: unknown): Tensor[] {
	if (value instanceof adjoint.Tensor) return value.dtype.startsWith("float") ? [value] : [];
	if (Array.isArray(value)) return value.flatMap(tensorsIn);
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
	const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
	return entries.flatMap(([, part]) => tensorsIn(part));
}

/** The same record around the results of a function; what gives null is left out. */
function mapEntries<A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B | null) {
	const entries = Object.entries(record).map(([name, a]): [string, B | null] => [name, f(a)]);
	return Object.fromEntries(entries.filter(([, b]) => b !== null)) as Record<string, B>;
}
