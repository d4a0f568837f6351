import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { f32, f64, i8, i32 } from "../../../asm/scalar.ts";
import type { DType } from "../../../core/dtype.ts";
import { fail } from "../math/failure.ts";
import type { Code } from "../math/floats.ts";

/** An element of any dtype as float64, which holds them all. */
export function loadNumber(dtype: DType, at: Local<"i32">): Expr<"f64"> {
	switch (dtype) {
		case "float64":
			return f64.load(at);
		case "float32":
			return f64.promote(f32.load(at));
		case "int32":
			return f64.convertI32(i32.load(at));
		case "bool":
			return f64.convertI32(i8.loadU(at));
	}
}

/**
 * Stores a number as an element, rounded where that is float32; where it does not fit into int32,
 * the code fails.
 */
export function storeNumber(code: Code, dtype: DType, at: Local<"i32">, value: Expr<"f64">): void {
	switch (dtype) {
		case "float64":
			code.store(f64, at, value);
			return;
		case "float32":
			code.store(f32, at, f32.demote(value));
			return;
		case "int32": {
			const number = code.let(value);
			const whole = code.let(i32.truncF64(number));
			code.if(f64.ne(f64.convertI32(whole), number), () => fail(code));
			code.store(i32, at, whole);
			return;
		}
		case "bool":
			code.store(i8, at, f64.ne(value, 0));
	}
}
