import { elsewhere } from "../autodiff/elsewhere.ts";
import { pack, packedType, unpack } from "../autodiff/packing.ts";
import { gradientOf, pullFirst, run } from "../autodiff/run.ts";
import { GradientError, TraceError } from "../core/error.ts";
import { apply, type Op, type TensorType } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flattened, flatten } from "../core/tree.ts";
import { interpret } from "../program/interpret.ts";
import { bodiesOf, type Program } from "../program/program.ts";
import { trace } from "../program/trace.ts";
import { sum } from "../structure/broadcasting.ts";
import { batchOfProgram, forAll, packEach } from "./batches.ts";
import { recordBodies } from "./body.ts";

/** A scalar function whose gradient is left to another engine, as a program. */
export interface LeftGradient {
	/** Takes what is closed over, then what it is differentiated by; gives the scalar, and more. */
	readonly body: Program;
	/** How many of its inputs are closed over. */
	readonly closed: number;
	/** What `valueAndGrad` gives: the results of the body, and the gradients. */
	readonly types: readonly TensorType[];
}

const known = new WeakMap<Op, LeftGradient>();

/** The function whose gradient an op leaves to another engine; undefined for any other op. */
export function leftGradient(op: Op): LeftGradient | undefined {
	return known.get(op);
}

/**
 * Runs a function that records others; the gradients that these take by `grad` and `valueAndGrad`
 * are one op each, whose body is what is differentiated. What they could not take here is refused
 * as ever.
 * @param caller the function that the user called, which errors name
 */
export function leavingGradients<T>(caller: string, f: () => T): T {
	return taking((...given) => left(caller, ...given), f);
}

function taking<T>(by: typeof elsewhere.gradientOf, f: () => T): T {
	const before = elsewhere.gradientOf;
	elsewhere.gradientOf = by;
	try {
		return f();
	} finally {
		elsewhere.gradientOf = before;
	}
}

function left<X, Rest extends unknown[], Y>(
	caller: string,
	name: string,
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	rest: Rest,
): [Y, X] {
	const here = taking(null, () => gradientOf(name, f, x, rest));
	const args = flatten(name, x, "argument");
	if (args.leaves.length === 0) return here;
	let result!: Flattened<Y>;
	const record = (leaves: readonly Tensor[]) => {
		result = flatten(name, f(args.rebuild(leaves), ...rest), "result");
		return result.leaves;
	};
	const { programs, closed } = recordBodies(name, args.leaves, [record], true);
	const [body] = programs as [Program];
	checkByHand(caller, body);
	const made = applyLeft(caller, body, closed, args.leaves);
	const own = result.leaves.length;
	return [result.rebuild(made.slice(0, own)), args.rebuild(made.slice(own))];
}

/** @throws TraceError where a derivative was given by hand, which another engine would not know */
function checkByHand(caller: string, { instructions }: Program): void {
	for (const { op } of instructions) {
		for (const body of bodiesOf(op)) checkByHand(caller, body);
		if (op.traits?.byHand !== "given") continue;
		throw new TraceError(
			`${caller}: a gradient that is left to JAX goes through a function whose derivative was given by hand, as by customGradient, and JAX would take another one; leave out grad`,
		);
	}
}

/** The results of a function, and the gradients of the first of them. */
function applyLeft(
	caller: string,
	body: Program,
	closed: readonly Tensor[],
	x: readonly Tensor[],
): Tensor[] {
	const op = leftOp(caller, body, closed.length);
	return unpack(apply(op, [...closed, ...x], null), known.get(op)!.types);
}

function leftOp(caller: string, body: Program, closed: number): Op<"leftGradient", null> {
	const own = body.outputs.map(({ type }) => type);
	const types = [...own, ...body.inputs.slice(closed).map(({ type }) => type)];
	const op: Op<"leftGradient", null> = {
		name: "leftGradient",
		bodies: {
			programs: [body],
			with: ([body]) => leftOp(caller, body as Program, closed),
		},
		infer: () => packedType(types),
		evaluate: (inputs, _, { dtype }) => {
			const f = (x: readonly Tensor[]) => interpret(body, [...inputs.slice(0, closed), ...x]);
			const made = run("leftGradient", f, inputs.slice(closed), []);
			return pack([...made.value, ...pullFirst(made)], dtype);
		},
		differential: () => {
			throw new GradientError(
				`${caller}: a gradient that is left to JAX is differentiated by other means than grad and valueAndGrad; use these, or leave out grad`,
			);
		},
		batch: (inputs, _, batched, size, run) => {
			// The gradient of the sum over the batch is that of each example, by what each has.
			const examples = { size, run };
			const inBatch = inputs.map((_, i) => batched[i]! || i >= closed);
			const all = inputs.map((x, i) => (inBatch[i] ? forAll(x, batched[i]!, size) : x));
			const outputs = own.map(() => true);
			const each = batchOfProgram(body, inBatch, outputs, examples);
			const summed = trace(
				each.inputs.map(({ type }) => type),
				(args) => {
					const results = interpret(each, args);
					return [sum(results[0]!), ...results];
				},
			).program;
			const made = applyLeft(caller, summed, all.slice(0, closed), all.slice(closed));
			return packEach(made.slice(1), packedType(types).dtype, examples);
		},
		print: (args) => `leftGradient(${args.join(", ")})`,
	};
	known.set(op, { body, closed, types });
	return op;
}
