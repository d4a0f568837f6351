import type { Callee } from "../../asm/assembler.ts";

/** A kernel as a function of a module. */
export interface KernelFunction {
	/**
	 * Takes the addresses of what is read and of what is written, where it `works` that of a thread's
	 * workspace, and a range: from, and to below.
	 */
	readonly callee: Callee<readonly "i32"[], "none">;
	readonly works: boolean;
	/**
	 * The whole range goes from 0 up to this. Parts of it that begin at multiples of the grain can
	 * run at the same time.
	 */
	readonly extent: number;
	readonly grain: number;
	/**
	 * Smaller parts than this take noticeably longer for their size; the grain where it is left out.
	 */
	readonly least?: number;
}
