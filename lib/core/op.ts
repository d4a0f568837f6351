import type { Term } from "../scalar/scalar.ts";
import type { Scanned } from "../scalar/scan.ts";
import type { Sliced } from "../scalar/slices.ts";
import { debugState } from "./debug-state.ts";
import { allocate, type DType, isFloat } from "./dtype.ts";
import { DTypeError, ShapeError } from "./error.ts";
import type { Derivative } from "./linear-map.ts";
import type { LoopForm } from "./loop-form.ts";
import type { OpLowering } from "./op-lowering.ts";
import type { Data } from "./params.ts";
import { reword } from "./reword.ts";
import type { Remark, RuleKind } from "./rule.ts";
import { type Shape, sizeOf } from "./shape.ts";
import { type Node, type Tape, tracing, track, withoutClosed } from "./tape.ts";
import { Tensor } from "./tensor.ts";
import type { OpTraits } from "./traits.ts";

/** What is known of a tensor before its values: shape and dtype. */
export interface TensorType {
	readonly shape: Shape;
	readonly dtype: DType;
}

/** A program as the core knows it. */
export interface Body {
	readonly inputs: readonly { readonly type: TensorType }[];
	readonly outputs: readonly { readonly type: TensorType }[];
}

/** The programs that are part of an op. Such an op is made anew for them. */
export interface Bodies {
	readonly programs: readonly Body[];
	/** The same op around programs that compute the same. */
	readonly with: (programs: readonly Body[]) => Op;
}

/** The values for which an op's rule holds, as an interval with exceptions (kinks, poles). */
export interface Domain {
	readonly min?: number;
	readonly max?: number;
	/** Values that an argument keeps away from. */
	readonly avoid?: readonly number[];
}

/** Draws what an op needs to be tried on; whoever checks an op supplies it. */
export interface Draw {
	/** A whole number from `min` to `max`, both included. */
	integer(min: number, max: number): number;
	/** One of the choices. */
	pick<T>(choices: readonly T[]): T;
	/** A shape of rank 0 to 4 (or as said) with sizes from 0 (or as said) to 4. */
	shape(options?: { minRank?: number; maxRank?: number; minSize?: number }): number[];
	/** A float64 tensor with elements in the domain, at times a strided view. */
	tensor(shape: Shape, domain?: Domain): Tensor;
	/**
	 * A float64 tensor no two of whose elements, nor of another such tensor of this draw, come close.
	 */
	distinct(shape: Shape): Tensor;
}

/** Arguments an op can be tried on. */
export interface Sample<P extends Data> {
	readonly inputs: readonly Tensor[];
	readonly params: P;
}

/**
 * A point at which there is no derivative, or that the domain does not reach, with the gradient
 * that is taken there.
 */
export interface Convention<P extends Data> extends Sample<P> {
	/** The gradient of the sum of the result with respect to each input. */
	readonly gradients: readonly Tensor[];
}

/**
 * The results of an op for all examples of a batch, along a new first axis. The inputs that are
 * `batched` have that axis, of this size; the others are the same for all examples.
 */
export type BatchRule<P extends Data> = (
	inputs: readonly Tensor[],
	params: P,
	batched: readonly boolean[],
	size: number,
	run: BatchRun,
) => Tensor;

/**
 * Runs a function of one example for all of a batch, and gives its results along a first axis; for
 * the rules of ops that call functions.
 */
export type BatchRun = (
	size: number,
	inputs: readonly Tensor[],
	batched: readonly boolean[],
	f: (x: readonly Tensor[]) => readonly Tensor[],
) => Tensor[];

/**
 * Everything about an op, in one place. `P` is what it takes besides tensors (axes, a padding, …),
 * which is plain data: two applications to the same tensors are one if it is the same by structure.
 */
// biome-ignore lint/suspicious/noExplicitAny: an op is stored and passed on without regard to its parameters
export interface Op<Name extends string = string, P extends Data = any> {
	readonly name: Name;
	/** Shape and dtype of the result; throws one of our errors when the inputs do not fit. */
	readonly infer: (inputs: readonly Tensor[], params: P) => TensorType;
	/** The value. `type` is what `infer` gave. */
	readonly evaluate: (inputs: readonly Tensor[], params: P, type: TensorType) => Tensor;
	/**
	 * The derivative with respect to argument `i` at this point: a linear map from a tangent of the
	 * argument to a tangent of the result (or what stands for one: a number or tensor to scale by, a
	 * weighted sum), or null where the result does not vary with it. Null in place of the function:
	 * the op is constant almost everywhere.
	 */
	readonly differential:
		| ((i: number, inputs: readonly Tensor[], out: Tensor, params: P) => Derivative | null)
		| null;
	/** The call of the public function that applies the op; left out: `x.name(y)`. */
	readonly typescript?: (args: readonly string[], params: P) => string;
	/** The op in LaTeX; left out: the name as a function, `\operatorname{name}(x, y)`. */
	readonly latex?: (args: readonly string[], params: P) => string;
	/** How its derivative works, for those who explain it; left out: by a rule of its own. */
	readonly rule?: RuleKind;
	/** What is special about its derivative, as at a kink, in terms of the arguments in LaTeX. */
	readonly remark?: (args: readonly string[]) => Remark;
	/**
	 * Where its derivative comes from, in terms of the arguments and the result in LaTeX: said where
	 * the op first occurs.
	 */
	readonly proof?: (args: readonly string[], out: string) => Remark;
	/**
	 * What an elementwise op computes of one element of each argument; left out: it does not act on
	 * each element by itself.
	 */
	readonly formula?: () => Term;
	/** What an op computes of slices of its first argument; left out: it takes none. */
	readonly slices?: Sliced<P>;
	/** What an op carries on along lines of its arguments; left out: nothing. */
	readonly scan?: Scanned<P>;
	/**
	 * The op as loops over typed arrays; left out: what its formula or lowering says, or it has no
	 * such form.
	 */
	readonly loops?: LoopForm<P>;
	/** The op in NumPy's notation, applied to these argument texts. */
	readonly print: (args: readonly string[], params: P) => string;
	/** The op in JAX's notation; left out: NumPy's, with JAX's arrays. */
	readonly jax?: (args: readonly string[], params: P) => string;
	/**
	 * The parameters with which it does, for arguments that all have one more axis in front, of this
	 * size, the same for each entry of it; left out: there are none, or it is not known.
	 */
	readonly lead?: (params: P, size: number) => P;
	/**
	 * What it gives for a batch, where that is more than to apply it with the parameters that `lead`
	 * gives; left out: it is not. Without either it is applied to one example after the other.
	 */
	readonly batch?: BatchRule<P>;
	/** The op in terms of others, where a traced program should show those in its place. */
	readonly decompose?: (inputs: readonly Tensor[], params: P) => Tensor;
	/** The programs that it runs, as a loop runs its step; left out: it has none. */
	readonly bodies?: Bodies;
	/**
	 * The value where its derivative by the inputs that vary will be asked for. The op may keep by it
	 * what `differential` needs, which then gets this very tensor; left out: the value as ever.
	 */
	readonly linearized?: (
		inputs: readonly Tensor[],
		params: P,
		varies: readonly boolean[],
	) => Tensor;
	/** What passes over programs may know of the op. */
	readonly traits?: OpTraits<P>;
	/**
	 * How it runs in a compiled program; left out: its formula, or its own evaluation. It is a
	 * promise: what runs so and gives other values than `evaluate` is not found out.
	 */
	readonly lowering?: OpLowering<P>;
	/**
	 * Draws arguments inside the domain of the rule; an op without it cannot be checked by itself.
	 */
	readonly sample?: (draw: Draw) => Sample<P>;
	/** What is agreed on at kinks, ties and the like; checked as the rest is. */
	readonly conventions?: readonly Convention<P>[];
}

/** A public function, with the record of the op that it applies. */
export type OpFunction<Name extends string, F> = F & { readonly op: Op<Name> };

/**
 * An op from its record and its public function, which turns what a user gives into
 * tensors and parameters and calls `apply`. The function carries the record as `op` and its name.
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineOp<Name extends string, F extends object>(
	op: Op<Name>,
	call: F,
): OpFunction<Name, F> {
	return Object.defineProperty(Object.assign(call, { op }), "name", { value: op.name });
}

/**
 * Applies an op: evaluates it, or inside a transform also records it. Everything that is computed
 * passes through here.
 * @throws DTypeError for an argument that is no tensor
 */
export function apply<P extends Data>(
	op: Op<string, P>,
	args: readonly Tensor[],
	params: P,
): Tensor {
	let tape: Tape | null = null;
	let inputs = args;
	for (let i = 0; i < args.length; i++) {
		let node = inputs[i]?.node;
		if (node === null) continue;
		if (node === undefined) throw noTensor(op, i, args[i]);
		if (!node.tape.open) {
			inputs = inputs.map(withoutClosed);
			node = inputs[i]!.node;
			if (node === null) continue;
		}
		if (tape === null || node.tape.order > tape.order) tape = node.tape;
	}
	if (tape === null) {
		const out = evaluate(op, inputs, params, op.infer(inputs, params));
		debugState.inspect?.(op, inputs, params, out);
		return out;
	}
	const { whole } = tracing;
	const innermost = whole !== null && whole.order > tape.order ? whole : tape;
	const { evaluator, batcher } = innermost;
	if (batcher !== null) return batcher(op, inputs, params);
	if (evaluator !== null && op.decompose !== undefined) return op.decompose(inputs, params);
	const values: Tensor[] = [];
	const parents: (Node | null)[] = [];
	for (let i = 0; i < inputs.length; i++) {
		const x = inputs[i]!;
		const parent = x.node !== null && x.node.tape === innermost ? x.node : null;
		values.push(parent === null ? x : parent.value);
		parents.push(parent);
	}
	const value =
		evaluator?.(op, values, params) ??
		op.linearized?.(
			values,
			params,
			parents.map((parent) => parent !== null),
		) ??
		apply(op, values, params);
	if (evaluator === null && (op.differential === null || !isFloat(value.dtype))) return value;
	return track(value, {
		tape: innermost,
		op,
		inputs: values,
		params,
		parents,
		value,
		site: debugState.here?.() ?? null,
		position: -1,
	});
}

function noTensor(op: Op, i: number, x: unknown): DTypeError {
	return new DTypeError(
		`${op.name}: expected argument ${i + 1} to be a tensor, got ${typeof x}; asTensor("${op.name}", x) makes one of a number`,
	);
}

/**
 * The value of an op; `type` is what its `infer` gave. Where neither the arguments nor the result
 * have an element there is nothing to compute. An empty tensor may have other axes of any size,
 * over which no loop may go.
 */
export function evaluate<P extends Data>(
	op: Op<string, P>,
	inputs: readonly Tensor[],
	params: P,
	type: TensorType,
): Tensor {
	let isEmpty = true;
	for (let i = 0; isEmpty && i < inputs.length; i++) isEmpty = inputs[i]!.size === 0;
	if (isEmpty && sizeOf(type.shape) === 0) {
		return new Tensor(allocate(type.dtype, 0), type.dtype, type.shape);
	}
	try {
		return op.evaluate(inputs, params, type);
	} catch (error) {
		// What has no room says so by the name of what the user called.
		if (error instanceof ShapeError) {
			reword(
				error,
				error.message.replace(/^allocate:/, () => `${op.name}:`),
			);
		}
		throw error;
	}
}
