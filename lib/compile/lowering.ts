import type { Op } from "../op.ts";
import * as ops from "../ops/index.ts";
import type { Instruction } from "../program/program.ts";
import * as random from "../random/index.ts";

type NamesOf<Ops> = {
	[K in keyof Ops]: Ops[K] extends { readonly op: Op<infer Name> } ? Name : never;
}[keyof Ops];

/** The names of all ops of the library. */
export type PrimitiveName = NamesOf<typeof ops> | NamesOf<typeof random>;

/**
 * How an op runs in the arena: as a view of its argument, or by its own evaluation.
 */
export type Lowering = "view" | "evaluation";

const table = {
	abs: "evaluation",
	acos: "evaluation",
	acosh: "evaluation",
	add: "evaluation",
	addWindows: "evaluation",
	adjugate: "evaluation",
	all: "evaluation",
	any: "evaluation",
	argmax: "evaluation",
	argmin: "evaluation",
	argsort: "evaluation",
	as: "view",
	asin: "evaluation",
	asinh: "evaluation",
	astype: "evaluation",
	atan: "evaluation",
	atan2: "evaluation",
	atanh: "evaluation",
	bernoulli: "evaluation",
	broadcastTo: "view",
	categorical: "evaluation",
	ceil: "evaluation",
	cholesky: "evaluation",
	clip: "evaluation",
	concat: "evaluation",
	convolve: "evaluation",
	convolveFilter: "evaluation",
	convolveInput: "evaluation",
	cos: "evaluation",
	cosh: "evaluation",
	cumprod: "evaluation",
	cumsum: "evaluation",
	determinant: "evaluation",
	diagonal: "view",
	div: "evaluation",
	dot: "evaluation",
	einsum: "evaluation",
	equal: "evaluation",
	erf: "evaluation",
	erfc: "evaluation",
	exp: "evaluation",
	exp2: "evaluation",
	expm1: "evaluation",
	flip: "view",
	floor: "evaluation",
	foldIn: "evaluation",
	gather: "evaluation",
	gelu: "evaluation",
	greater: "evaluation",
	greaterEqual: "evaluation",
	hypot: "evaluation",
	inverse: "evaluation",
	isFinite: "evaluation",
	isInf: "evaluation",
	isNaN: "evaluation",
	keepWhere: "evaluation",
	less: "evaluation",
	lessEqual: "evaluation",
	linearRecurrence: "evaluation",
	log: "evaluation",
	log10: "evaluation",
	log1p: "evaluation",
	log2: "evaluation",
	logAddExp: "evaluation",
	logDet: "evaluation",
	logSigmoid: "evaluation",
	logSoftmax: "evaluation",
	logSumExp: "evaluation",
	logicalAnd: "evaluation",
	logicalNot: "evaluation",
	logicalOr: "evaluation",
	logicalXor: "evaluation",
	maskFirst: "evaluation",
	maskGreater: "evaluation",
	maskGreaterEqual: "evaluation",
	matmul: "evaluation",
	max: "evaluation",
	maximum: "evaluation",
	mean: "evaluation",
	min: "evaluation",
	minimum: "evaluation",
	mod: "evaluation",
	mul: "evaluation",
	neg: "evaluation",
	norm: "evaluation",
	normal: "evaluation",
	notEqual: "evaluation",
	oneHot: "evaluation",
	outer: "evaluation",
	pad: "evaluation",
	permutation: "evaluation",
	permute: "view",
	power: "evaluation",
	prod: "evaluation",
	randint: "evaluation",
	reciprocal: "evaluation",
	relu: "evaluation",
	reshape: "view",
	roll: "evaluation",
	round: "evaluation",
	scale: "evaluation",
	scaleTangent: "evaluation",
	shift: "evaluation",
	sigmoid: "evaluation",
	sign: "evaluation",
	silu: "evaluation",
	sin: "evaluation",
	sinh: "evaluation",
	slice: "view",
	softmax: "evaluation",
	softplus: "evaluation",
	solve: "evaluation",
	sqrt: "evaluation",
	square: "evaluation",
	std: "evaluation",
	sub: "evaluation",
	sum: "evaluation",
	take: "evaluation",
	takeAlongAxis: "evaluation",
	tan: "evaluation",
	tanh: "evaluation",
	triangularSolve: "evaluation",
	tril: "evaluation",
	truncatedNormal: "evaluation",
	triu: "evaluation",
	undiagonal: "evaluation",
	ungather: "evaluation",
	uniform: "evaluation",
	unslice: "evaluation",
	untake: "evaluation",
	untakeAlongAxis: "evaluation",
	variance: "evaluation",
	where: "evaluation",
	windows: "view",
} satisfies Record<PrimitiveName, Lowering>;

const lowerings = new Map<Op, Lowering>();
for (const value of [...Object.values(ops), ...Object.values(random)]) {
	if (typeof value !== "function" || !("op" in value)) continue;
	const op: Op = value.op;
	lowerings.set(op, table[op.name as PrimitiveName]);
}

/** How an op runs; one from outside of the library runs by its own evaluation. */
export function loweringOf(op: Op): Lowering {
	return lowerings.get(op) ?? "evaluation";
}

/** Whether the instruction is, where the layout allows it, a view of its argument. */
export function isView({ op }: Instruction): boolean {
	return loweringOf(op) === "view";
}
