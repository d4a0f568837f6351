import type { Primitive } from "../../../scalar/scalar.ts";
import type { ShaderWriter } from "./shader.ts";

/** The text of a primitive of operands with these texts. */
export type PrimitiveText = (m: ShaderWriter, ...args: string[]) => string;

const infix =
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

/**
 * The primitives of f32. WGSL rounds + − × correctly; of ÷ it promises 2.5 units in the last place,
 * of √ what 1 / inverseSqrt gives, and of min and max nothing about zeros and NaN, so they have code
 * of their own. What is equal has the same bits but for the sign of zeros. `!=` may be false beside
 * NaN, so it is never used.
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
	min: helper(
		"min_f32",
		`fn min_f32(x: f32, y: f32) -> f32 {
	let same = bitcast<f32>(bitcast<u32>(x) | bitcast<u32>(y));
	return select(select(select(y, x, x < y), same, x == y), x + y, !(x == x && y == y));
}`,
	),
	max: helper(
		"max_f32",
		`fn max_f32(x: f32, y: f32) -> f32 {
	let same = bitcast<f32>(bitcast<u32>(x) & bitcast<u32>(y));
	return select(select(select(y, x, x > y), same, x == y), x + y, !(x == x && y == y));
}`,
	),
	equal: infix("=="),
	notEqual: (_, x, y) => `(!(${x} == ${y}))`,
	less: infix("<"),
	lessEqual: infix("<="),
	greater: infix(">"),
	greaterEqual: infix(">="),
	and: infix("&&"),
	or: infix("||"),
	xor: infix("!="),
	not: prefix("!"),
	select: (_, t, x, y) => `select(${y}, ${x}, ${t})`,
} satisfies Record<Primitive["name"], PrimitiveText>;
