import { i32 } from "../../../asm/scalar.ts";
import type { Code } from "./floats.ts";

/**
 * The word of memory in which code says that it could not compute something: an index out of range,
 * an int32 that overflows. It goes on with whatever is safe; who called it finds a number other
 * than 0 here.
 */
export const FAILED = 60;

/** Says so. */
export function fail(code: Code): void {
	code.store(i32, FAILED, 1);
}
