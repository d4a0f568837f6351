import { isUniform } from "../../core/stored-once.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import { numpyText } from "../../derivation/printers/numpy.ts";
import { constantForm } from "../../program/constants.ts";
import { type Constant, constantOf } from "../../program/program.ts";
import { forJax } from "./for-jax.ts";

/** Constants of more elements belong among the arguments. */
const MOST_WRITTEN = 1000;
/** So few are written out, whatever else may be said of them. */
const FEW = 8;

/**
 * A constant: a call that makes it where there is one, such as a range or a triangle of ones, or
 * its elements, of what is broadcast each once; null where those are too many to be read.
 */
export function constantInJax(value: Constant): string | null {
	const { tensor } = value;
	if (tensor.size <= FEW || isUniform(tensor)) return forJax(numpyText(asExpression(value)));
	const { shape, strides, storage, dtype, offset } = tensor;
	const stored = shape.flatMap((size, axis) => (size > 1 && strides[axis] !== 0 ? [axis] : []));
	const pick = (of: readonly number[]) => stored.map((axis) => of[axis]!);
	const once = new Tensor(storage, dtype, pick(shape), pick(strides), offset);
	const text = madeText(once) ?? writtenOut(once);
	if (text === null || stored.length === shape.length) return text;
	const isLast = stored.every((axis, i) => axis === shape.length - stored.length + i);
	const sizes = shape.map((size, axis) => (stored.includes(axis) ? size : 1));
	const placed = isLast ? text : `${text}.reshape(${sizes.join(", ")})`;
	return `jnp.broadcast_to(${placed}, (${shape.join(", ")}))`;
}

function writtenOut(x: Tensor): string | null {
	return x.size > MOST_WRITTEN ? null : forJax(numpyText(asExpression(constantOf(x))));
}

function asExpression(value: Constant) {
	return { kind: "constant", value } as const;
}

/** The call that makes a tensor: a range, an identity matrix, a triangle of ones. */
function madeText(x: Tensor): string | null {
	if (x.rank === 1) return rangeText(x);
	const form = constantForm(x);
	const [rows, columns] = x.shape;
	if (form.kind === "identity" && form.factor === 1) return `jnp.eye(${rows}, dtype="${x.dtype}")`;
	if (form.kind !== "triangle") return null;
	return `jnp.${form.op.name}(jnp.ones((${rows}, ${columns}), dtype="${x.dtype}"), ${form.k})`;
}

/** Whole numbers that are equally far apart. */
function rangeText(x: Tensor): string | null {
	const { dtype } = x;
	const values = [...elements(x)].map(Number);
	const [first, second] = values as [number, number];
	const step = second - first;
	const isRange = step !== 0 && values.every((value, i) => value === first + i * step);
	if (dtype === "bool" || !Number.isInteger(first) || !Number.isInteger(step) || !isRange)
		return null;
	const stop = first + values.length * step;
	const range =
		step !== 1 ? `${first}, ${stop}, ${step}` : first !== 0 ? `${first}, ${stop}` : stop;
	return `jnp.arange(${range}, dtype="${dtype}")`;
}
