import type { Draw } from "../../../lib/core/op.ts";
import type { Tensor } from "../../../lib/index.ts";
import * as a from "../../../lib/index.ts";
import { ODD } from "./fit.ts";

/** A function of one tensor, and how it is written. */
export interface Term {
	readonly text: (x: string, y: string) => string;
	/** `y` goes with `x` by broadcasting, and has its dtype. */
	readonly of: (x: Tensor, y: Tensor) => Tensor;
}

const term = (text: string, of: Term["of"]): Term => ({
	text: (x, y) => text.replace(/\bx\b/g, x).replace(/\by\b/g, y),
	of,
});

/** Of each element, in any float dtype. */
const elementwise: readonly Term[] = [
	term("x.tanh()", (x) => x.tanh()),
	term("x.sin().mul(0.7)", (x) => x.sin().mul(0.7)),
	term("x.square().mul(0.5)", (x) => x.square().mul(0.5)),
	term("x.softplus()", (x) => x.softplus()),
	term("x.neg().sigmoid()", (x) => x.neg().sigmoid()),
	term("x.sum().add(x)", (x) => x.sum().add(x)),
	term("x.add(y)", (x, y) => x.add(y)),
	term("x.mul(y)", (x, y) => x.mul(y)),
	term("y.sub(x)", (x, y) => y.sub(x)),
	term("x.div(y.square().add(1))", (x, y) => x.div(y.square().add(1))),
	term("hypot(x, y.add(0.3719))", (x, y) => a.hypot(x, y.add(ODD))),
	term("where(x.greater(0.3719), x, y)", (x, y) => a.where(x.greater(ODD), x, y)),
	term("where(y.less(0.3719), x.sin(), 0.5)", (x, y) => a.where(y.less(ODD), x.sin(), 0.5)),
];

/** Ones that need an axis. */
const alongAxis: readonly ((axis: number) => Term)[] = [
	(axis) => term(`x.sum(${axis})`, (x) => x.sum(axis)),
	(axis) => term(`x.sum(${axis}, { keepDims: true })`, (x) => x.sum(axis, { keepDims: true })),
	(axis) => term(`x.flip(${axis})`, (x) => x.flip(axis)),
	(axis) => term(`x.cumsum(${axis})`, (x) => x.cumsum(axis)),
	(axis) => term(`x.moveAxis(${axis}, -1)`, (x) => x.moveAxis(axis, -1)),
	(axis) => term(`x.softmax(${axis})`, (x) => (x.shape[axis] === 0 ? x : x.softmax(axis))),
	(axis) => term(`x.roll(1, ${axis})`, (x) => x.roll(1, axis)),
	(axis) => term(`concat([x, x.neg()], ${axis})`, (x) => a.concat([x, x.neg()], axis)),
	(axis) => term(`stack([x, x.mul(2)], ${axis})`, (x) => a.stack([x, x.mul(2)], axis)),
	(axis) =>
		term(`x.slice(…, [0, 1])`, (x) => x.slice(...x.shape.slice(0, axis).map(() => null), [0, 1])),
	(axis) => term(`x.expandDims(${axis})`, (x) => x.expandDims(axis)),
];

const matrices: readonly Term[] = [
	term("x.transpose()", (x) => x.transpose()),
	term("x.dot(x.transpose()).mul(0.3)", (x) => x.dot(x.transpose()).mul(0.3)),
	term("x.dot(x.sum(0)).mul(0.3)", (x) => x.dot(x.sum(0)).mul(0.3)),
	term("x.diagonal()", (x) => x.diagonal()),
];

/** A term for a tensor of this rank. */
export function drawTerm(draw: Draw, rank: number): Term {
	const kind = draw.integer(0, 3);
	if (kind >= 2 && rank > 0) return draw.pick(alongAxis)(draw.integer(0, rank - 1));
	if (kind === 1 && rank === 2) return draw.pick(matrices);
	return draw.pick(elementwise);
}
