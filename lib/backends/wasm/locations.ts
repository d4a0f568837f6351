import type { Callee } from "../../asm/assembler.ts";
import type { Expr } from "../../asm/expression.ts";
import { i32 } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import type { Buffer, Source } from "../../schedule/buffers.ts";

/** Where in the arena a module finds things. All addresses are in bytes. */
export interface Locations {
	/**
	 * The table with the addresses of the arguments and then of the results, which change from run to
	 * run.
	 */
	readonly table: number;
	/** How many arguments there are. */
	readonly inputs: number;
	/**
	 * Memory that products and convolutions use while they run; each thread has so many bytes of its
	 * own.
	 */
	readonly workspace: number;
	readonly workspaceBytes: number;
	/** The addresses of all other buffers. */
	readonly addresses: ReadonlyMap<Buffer, number>;
}

/** A step as a function of a module. */
export interface StepFunction {
	/**
	 * Takes addresses, where it `works` that of a thread's workspace, and a range: from, and to
	 * below.
	 */
	readonly callee: Callee<readonly "i32"[], "none">;
	readonly addresses: readonly Expr<"i32">[];
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

/** The address of a source's first element. */
export function addressOf({ buffer, offset }: Source, at: Locations): Expr<"i32"> {
	const bytes = offset * BYTES[buffer.dtype];
	const { use } = buffer;
	if (use.kind !== "input" && use.kind !== "output") {
		return i32.const(at.addresses.get(buffer)! + bytes);
	}
	const slot = use.kind === "input" ? use.index : at.inputs + use.index;
	const start = i32.load(at.table + 4 * slot);
	return bytes === 0 ? start : i32.add(start, bytes);
}
