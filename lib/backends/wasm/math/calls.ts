import { type Callee, callTo } from "../../../asm/assembler.ts";
import type { Expr } from "../../../asm/expression.ts";
import type { Local } from "../../../asm/function.ts";
import { f32, f64 } from "../../../asm/scalar.ts";
import { i32x4, v128 } from "../../../asm/simd.ts";
import { type Code, double, type Floats, single, type Vector } from "./floats.ts";

/**
 * A function of float64 numbers that a module imports: one of JavaScript's, which vectors have no
 * instructions for.
 */
export type ScalarFunction = Callee<readonly "f64"[], "f64">;

/** Those that a module has imported, by name. */
export type ScalarFunctions = ReadonlyMap<string, ScalarFunction>;

function extract(floats: Floats, x: Vector, lane: number): Expr<"f64"> {
	return floats.bytes === 4 ? f64.promote(single.extract(x, lane)) : double.extract(x, lane);
}

function replace(floats: Floats, x: Vector, lane: number, value: Expr<"f64">): Vector {
	return floats.bytes === 4
		? single.replace(x, lane, f32.demote(value))
		: double.replace(x, lane, value);
}

/** The function of the numbers in one lane of the arguments, put into that lane of `result`. */
function callLane(
	f: Code,
	floats: Floats,
	result: Local<"v128">,
	args: readonly Local<"v128">[],
	lane: number,
	scalar: ScalarFunction,
): void {
	const value = callTo(scalar, ...args.map((x) => extract(floats, x, lane)));
	f.set(result, replace(floats, result, lane, value));
}

/** The function of the numbers in each lane. */
export function eachLane(
	f: Code,
	floats: Floats,
	args: readonly Local<"v128">[],
	scalar: ScalarFunction,
): Vector {
	const result = f.let(floats.const(0));
	for (let lane = 0; lane < floats.lanes; lane++) callLane(f, floats, result, args, lane, scalar);
	return result;
}

/** Where functions are to be called some day, in code that calls none yet. */
const masks = new WeakMap<Code, Local<"v128">[]>();

/**
 * Writes code that calls no function for single lanes, and gives the masks of those for which it
 * should: such a call is a branch, past which engines join no vectors.
 */
export function withoutCalls<T>(f: Code, write: () => T): { made: T; missing: Local<"v128">[] } {
	const missing: Local<"v128">[] = [];
	masks.set(f, missing);
	const made = write();
	masks.delete(f);
	return { made, missing };
}

/** Where the mask is set, replaces the lanes of `result` by the function of those of x. */
export function replaceLanes(
	f: Code,
	floats: Floats,
	result: Local<"v128">,
	x: Local<"v128">,
	mask: Local<"v128">,
	scalar: ScalarFunction,
): void {
	const missing = masks.get(f);
	if (missing !== undefined) {
		missing.push(mask);
		return;
	}
	f.if(v128.anyTrue(mask), () => {
		for (let lane = 0; lane < floats.lanes; lane++) {
			f.if(i32x4.extract(mask, (lane * floats.bytes) / 4), () => {
				callLane(f, floats, result, [x], lane, scalar);
			});
		}
	});
}
