import type { Primitive } from "../../../scalar/scalar.ts";
import { Unsupported } from "../../backend.ts";
import { builtin, checked, infix, type PrimitiveText, primitives } from "./primitives.ts";

// Whole numbers of 32 bits. What overflows tells so, and then gives anything.

const none =
	(name: string): PrimitiveText =>
	() => {
		throw new Unsupported(`no ${name} of int32 on the device`);
	};

const itself: PrimitiveText = (_, x) => x!;

/** The primitives of i32, to be looked up by name; choices and truth are as with f32. */
export const integers = {
	...primitives,
	add: checked(
		"sum_i32",
		(fail) => `fn sum_i32(x: i32, y: i32) -> i32 {
	let sum = x + y;
	if (((x ^ sum) & (y ^ sum)) < 0) { ${fail} }
	return sum;
}`,
	),
	sub: checked(
		"difference_i32",
		(fail) => `fn difference_i32(x: i32, y: i32) -> i32 {
	let rest = x - y;
	if (((x ^ y) & (x ^ rest)) < 0) { ${fail} }
	return rest;
}`,
	),
	// The product of the sizes by halves of 16 bits: what is above 32 bits, or does not fit with the
	// sign, is too much.
	mul: checked(
		"product_i32",
		(fail) => `fn product_i32(x: i32, y: i32) -> i32 {
	let a = u32(abs(x));
	let b = u32(abs(y));
	let middle = (a >> 16u) * (b & 0xffffu) + (a & 0xffffu) * (b >> 16u);
	let low = (a & 0xffffu) * (b & 0xffffu);
	let isHigh = (a >> 16u) != 0u && (b >> 16u) != 0u;
	let size = low + (middle << 16u);
	let most = select(0x7fffffffu, 0x80000000u, (x ^ y) < 0);
	if (isHigh || middle > 0xffffu || size < low || size > most) { ${fail} }
	return x * y;
}`,
	),
	div: none("division"),
	sqrt: none("root"),
	neg: checked(
		"opposite_i32",
		(fail) => `fn opposite_i32(x: i32) -> i32 {
	if (x == -2147483647 - 1) { ${fail} }
	return -x;
}`,
	),
	abs: checked(
		"size_i32",
		(fail) => `fn size_i32(x: i32) -> i32 {
	if (x == -2147483647 - 1) { ${fail} }
	return abs(x);
}`,
	),
	floor: itself,
	ceil: itself,
	min: builtin("min"),
	max: builtin("max"),
	equal: infix("=="),
	notEqual: infix("!="),
	less: infix("<"),
	lessEqual: infix("<="),
	greater: infix(">"),
	greaterEqual: infix(">="),
} satisfies Record<Primitive["name"], PrimitiveText>;

/** What is known of functions of i32; of the others there is nothing. */
export const integerFunctions: Readonly<Record<string, PrimitiveText>> = {
	sign: builtin("sign"),
	round: itself,
	remainder: checked(
		"remainder_i32",
		(fail) => `fn remainder_i32(x: i32, y: i32) -> i32 {
	if (y == 0) { ${fail} return 0; }
	return select(x % y, 0, y == -1);
}`,
	),
	floorMod: checked(
		"modulo_i32",
		(fail) => `fn modulo_i32(x: i32, y: i32) -> i32 {
	if (y == 0) { ${fail} return 0; }
	let rest = select(x % y, 0, y == -1);
	return select(rest, rest + y, rest != 0 && (rest < 0) != (y < 0));
}`,
	),
	pow: (m, x, y) => {
		const product = integers.mul(m, "result", "base");
		const squared = integers.mul(m, "base", "base");
		return checked(
			"power_i32",
			(fail) => `fn power_i32(x: i32, y: i32) -> i32 {
	let isOdd = (y & 1) != 0;
	if (x == 1 || x == -1) { return select(1, x, isOdd); }
	if (y < 0) { ${fail} return 0; }
	if (x == 0) { return select(0, 1, y == 0); }
	var base = x;
	var result = 1;
	var left = min(y, 63);
	loop {
		if ((left & 1) != 0) { result = ${product}; }
		left >>= 1u;
		if (left == 0) { break; }
		base = ${squared};
	}
	return result;
}`,
		)(m, x!, y!);
	},
};
