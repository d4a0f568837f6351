import type { DType } from "../core/dtype.ts";
import { TraceError } from "../core/error.ts";
import type { Op, TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import { isUniform } from "../core/stored-once.ts";
import { type Node, Tape } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueless } from "../core/valueless.ts";
import { forFloat32 } from "../kernels/narrow.ts";
import { select } from "../scalar/primitives.ts";
import { rounded } from "../scalar/rounding.ts";
import { argument, constant, type Scalar, withArguments } from "../scalar/scalar.ts";
import { totalForm } from "../scalar/slices.ts";
import { differentialOf } from "./differential.ts";
import { linearizationOf } from "./linearization.ts";

/** A formula, and the dtype in which what it gives is kept. */
export interface Kept {
	readonly term: Scalar;
	readonly dtype: DType;
}

/**
 * A transposed derivative as formulas. Their arguments are an element of each input of the op, of
 * its result and of the cotangent, and then the sums over a slice, in their order.
 */
export interface RecordedMap {
	/** What is added up, of arguments and of the sums before. */
	readonly sums: readonly Kept[];
	readonly value: Kept;
	/** What the map is of: inputs, result and cotangent of a slice. */
	readonly types: readonly TensorType[];
	/** How many of its ops give something for each element. */
	readonly steps: number;
}

/**
 * The transposed derivative of a node's op by argument `i`, recorded on a slice of inputs that have
 * no values; null where it is more than sums of the slice and what ops do with each element.
 */
export function recordedMap(
	node: Node,
	i: number,
	slice: readonly TensorType[],
): RecordedMap | null {
	const terms = new Map<Tensor, Scalar>();
	const sums: Kept[] = [];
	let steps = 0;
	const termOf = (x: Tensor) => terms.get(x) ?? constantOf(x);
	const symbol = (type: TensorType, term: Scalar) => {
		const x = valueless(type, refuse);
		terms.set(x, term);
		return x;
	};
	const tape = new Tape((op, args, params) => {
		const type = op.infer(args, params);
		const [x] = args as [Tensor];
		if (op.formula !== undefined && params === null && type.dtype !== "int32") {
			if (sizeOf(type.shape) === size) steps++;
			const term = keptTerm(op, args, type.dtype);
			return symbol(type, withArguments(term, args.map(termOf)) as Scalar);
		}
		if (op.traits?.view && x.size === 1) return symbol(type, termOf(x));
		const isSum = op.slices?.form() === totalForm && type.dtype === x.dtype;
		const isOfSlice = x.size === size && size > 1 && sizeOf(type.shape) === 1;
		if (!isSum || !isOfSlice) throw refusal();
		return symbol(type, argument(n + 1 + sums.push({ term: termOf(x), dtype: x.dtype })));
	});
	const inputs = slice.map((type, k) => symbol(type, argument(k)));
	const n = inputs.length;
	const size = Math.max(...inputs.map((x) => x.size));
	try {
		const out = node.op!.infer(inputs, node.params);
		const results = [out, out].map((type, k) => symbol(type, argument(n + k)));
		const types = [...slice, out, out];
		const { values } = linearizationOf(
			[...inputs, ...results],
			(x) => {
				const at = { ...node, inputs: x.slice(0, n), value: x[n]! };
				return [differentialOf(at, i)!.transpose.apply(x[n + 1]!)];
			},
			tape,
		);
		const [made] = values as [Tensor];
		if (made.size !== size) return null;
		return { sums, value: { term: termOf(made), dtype: made.dtype }, types, steps };
	} catch {
		// What cannot be recorded is applied, and says then what is wrong with it, if anything is.
		return null;
	}
}

/** What an op leaves in memory of one element, as a formula of its arguments. */
function keptTerm(op: Op, args: readonly Tensor[], dtype: DType): Scalar {
	const term = op.formula!();
	if (term.type === "truth") return select(term, 1, 0);
	if (dtype !== "float32") return term;
	const dtypes = args.map((x) => x.dtype);
	const isExact = (k: number) => dtypes[k] === "float32" || dtypes[k] === "bool";
	return rounded(forFloat32(term, dtypes) as Scalar, isExact);
}

/** A number that ops were given. */
function constantOf(x: Tensor): Scalar {
	if (!isUniform(x)) throw refusal();
	return constant(x.array[x.offset]!);
}

const refusal = () => new TraceError("a derivative is more than sums and elementwise ops");

function refuse(): never {
	throw refusal();
}
