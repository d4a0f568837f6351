import { div, mul, neg } from "../../ops/arithmetic.ts";
import { absorbs } from "../../program/absorbing.ts";
import { uniformNumber } from "../../program/builder.ts";
import { type Instruction, instructionOf, type Value } from "../../program/program.ts";

/** An op and what it is applied to. */
export type Applied = Pick<Instruction, "op" | "inputs" | "params">;

/**
 * An instruction as a person writes it. A product of derivatives absorbs zeros; where that makes no
 * difference it is a plain product, or a quotient, and 1 is no factor. Where it does, and the first
 * factor is a choice between something and 0, the other goes into the choice: `np.where(x > 0, 1 /
 * x, 0)`. Else it stays as it is.
 */
export function asWritten(value: Instruction, isNamed: (value: Value) => boolean): Applied {
	if (value.op.traits?.algebra?.absorbing === undefined) return value;
	const [g, factor] = value.inputs as [Value, Value];
	if (absorbs(value)) {
		return inBranch(g, (x) => multiple(value, [x, factor]), isNamed) ?? value;
	}
	const isReciprocal = factor.kind === "instruction" && isInverse(factor) && !isNamed(factor);
	if (isReciprocal) return { op: div.op, inputs: [g, factor.inputs[0]!], params: null };
	const number = uniformNumber(g);
	if (number === -1) return { op: neg.op, inputs: [factor], params: null };
	if (number === 1 && factor.kind === "instruction" && !isNamed(factor)) {
		return asWritten(factor, isNamed);
	}
	return { op: mul.op, inputs: [g, factor], params: null };
}

function isInverse({ op }: Instruction): boolean {
	const powers = op.traits?.algebra?.powers;
	return powers?.length === 1 && powers[0] === -1;
}

/**
 * What `multiply` makes of a choice between something and 0, or of a multiple of one, done to that
 * something.
 */
function inBranch(
	g: Value,
	multiply: (x: Value) => Value,
	isNamed: (value: Value) => boolean,
): Instruction | null {
	if (g.kind !== "instruction" || isNamed(g)) return null;
	const { op, inputs, params } = g;
	const { branches, algebra } = op.traits ?? {};
	const replaced = (at: number, x: Value) => inputs.map((each, i) => (i === at ? x : each));
	if (branches !== undefined) {
		const [at, ...others] = branches.filter((i) => uniformNumber(inputs[i]!) !== 0);
		if (at === undefined || others.length > 0) return null;
		return instructionOf(op, replaced(at, multiply(inputs[at]!)), params);
	}
	// −g, a number times g, and g times something of another product that absorbs.
	const isMultiple =
		algebra?.coefficients?.length === 1 || algebra?.powers?.every((power) => power === 1);
	const [at, ...others] = [...inputs.keys()].filter((i) => uniformNumber(inputs[i]!) === null);
	if (!isMultiple || at === undefined || (others.length > 0 && !algebra?.absorbing)) return null;
	return inBranch(inputs[at]!, (x) => multiply(multiple(g, replaced(at, x))), isNamed);
}

/** The op of an instruction on other inputs; a factor 1 is left out, and −1 is a sign. */
function multiple({ op, params }: Instruction, inputs: readonly Value[]): Value {
	for (const [i, x] of inputs.entries()) {
		const other = inputs[1 - i];
		if (other !== undefined && uniformNumber(x) === 1) return other;
		if (other !== undefined && uniformNumber(x) === -1) return instructionOf(neg.op, [other], null);
	}
	return instructionOf(op, inputs, params);
}
