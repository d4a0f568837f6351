import type { Expr } from "../../asm/expression.ts";
import { i32 } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import type { Buffer } from "../../schedule/buffers.ts";
import type { MovingPlace, PlaceIn } from "../../schedule/step.ts";

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
	/** The addresses of all other buffers, but for those of loops' bodies. */
	readonly addresses: ReadonlyMap<Buffer, number>;
	/** Where those lie in others, */
	readonly places: ReadonlyMap<Buffer, MovingPlace>;
	/** and where the addresses are of those that move: what is there changes from round to round. */
	readonly slots: ReadonlyMap<Buffer, number>;
}

/** The address of a source's first element. */
export function addressOf({ buffer, offset }: PlaceIn, at: Locations): Expr<"i32"> {
	return beyond(buffer, offset * BYTES[buffer.dtype], at);
}

/** The address so many bytes from the start of a buffer. */
function beyond(buffer: Buffer, bytes: number, at: Locations): Expr<"i32"> {
	const { use } = buffer;
	const moving = at.slots.get(buffer);
	if (moving !== undefined) return i32.add(i32.load(moving), bytes);
	const place = at.places.get(buffer);
	if (place !== undefined) {
		const [start] = place.starts;
		return beyond(start.buffer, bytes + start.offset * BYTES[start.buffer.dtype], at);
	}
	if (use.kind !== "input" && use.kind !== "output") {
		return i32.const(at.addresses.get(buffer)! + bytes);
	}
	const slot = use.kind === "input" ? use.index : at.inputs + use.index;
	const start = i32.load(at.table + 4 * slot);
	return bytes === 0 ? start : i32.add(start, bytes);
}
