import type { Primitive } from "../../../scalar/scalar.ts";
import { addFunction, isNan } from "../math/source.ts";
import type { ShaderWriter } from "../wgsl/shader.ts";

/** The text of a primitive of operands with these texts. */
export type PrimitiveText = (m: ShaderWriter, ...args: string[]) => string;

/** An operator of WGSL. */
export const infix =
	(operator: string): PrimitiveText =>
	(_, x, y) =>
		`(${x} ${operator} ${y})`;

const prefix =
	(operator: string): PrimitiveText =>
	(_, x) =>
		`(${operator}${x})`;

/** A call of what WGSL has. */
export const builtin =
	(name: string): PrimitiveText =>
	(_, ...args) =>
		`${name}(${args.join(", ")})`;

/** A function of our own, defined where it is first called. */
export const helper =
	(name: string, code: string): PrimitiveText =>
	(m, ...args) => {
		m.define(name, code);
		return `${name}(${args.join(", ")})`;
	};

/** The same of one that can tell that something is wrong. */
export const checked =
	(name: string, code: (fail: string) => string): PrimitiveText =>
	(m, ...args) => {
		m.define(name, code(m.fail()));
		return `${name}(${args.join(", ")})`;
	};

/** A function that asks by the bits of numbers whether they are NaN. */
export const byBits =
	(name: string, code: string): PrimitiveText =>
	(m, ...args) => {
		addFunction(m, { name, code, needs: [isNan] });
		return `${name}(${args.join(", ")})`;
	};

/** A comparison, which is false beside NaN. */
const comparison = (name: string, operator: string): PrimitiveText =>
	byBits(
		`${name}_f32`,
		`fn ${name}_f32(x: f32, y: f32) -> bool {
	return x ${operator} y && !is_nan(x) && !is_nan(y);
}`,
	);

/** One of two, of equal ones with the bits of both; NaN if either is. */
const extreme = (name: string, operator: string, bits: string): PrimitiveText =>
	byBits(
		`${name}_f32`,
		`fn ${name}_f32(x: f32, y: f32) -> f32 {
	if (is_nan(x)) { return x; }
	if (is_nan(y)) { return y; }
	let same = bitcast<f32>(bitcast<u32>(x) ${bits} bitcast<u32>(y));
	return select(select(y, x, x ${operator} y), same, x == y);
}`,
	);

const equal = comparison("equal", "==");

/**
 * The primitives of f32. WGSL rounds + − × correctly; of ÷ it promises 2.5 units in the last place,
 * of √ what 1 / inverseSqrt gives. It says nothing of NaN, which a compiler may believe never to
 * come, nor of the signs of zeros in min and max: those are asked for by bits. What is equal has
 * the same bits but for the sign of zeros.
 */
export const primitives = {
	add: infix("+"),
	sub: infix("-"),
	mul: infix("*"),
	div: infix("/"),
	neg: prefix("-"),
	abs: builtin("abs"),
	sqrt: builtin("sqrt"),
	floor: builtin("floor"),
	ceil: builtin("ceil"),
	min: extreme("min", "<", "|"),
	max: extreme("max", ">", "&"),
	equal,
	notEqual: (m, x, y) => `(!${equal(m, x!, y!)})`,
	less: comparison("less", "<"),
	lessEqual: comparison("lessEqual", "<="),
	greater: comparison("greater", ">"),
	greaterEqual: comparison("greaterEqual", ">="),
	and: infix("&&"),
	or: infix("||"),
	xor: infix("!="),
	not: prefix("!"),
	select: (_, t, x, y) => `select(${y}, ${x}, ${t})`,
} satisfies Record<Primitive["name"], PrimitiveText>;
