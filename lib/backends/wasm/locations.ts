import type { Expr } from "../../asm/expression.ts";
import { i32 } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import type { Buffer, BufferView } from "../../schedule/buffers.ts";

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

/** The address of a source's first element. */
export function addressOf({ buffer, offset }: BufferView, at: Locations): Expr<"i32"> {
	const bytes = offset * BYTES[buffer.dtype];
	const { use } = buffer;
	if (use.kind !== "input" && use.kind !== "output") {
		return i32.const(at.addresses.get(buffer)! + bytes);
	}
	const slot = use.kind === "input" ? use.index : at.inputs + use.index;
	const start = i32.load(at.table + 4 * slot);
	return bytes === 0 ? start : i32.add(start, bytes);
}
