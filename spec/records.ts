import * as adjoint from "../lib/index.ts";
import type { Op } from "../lib/op.ts";

/** The records of all ops: every public function that carries one. A new op joins by itself. */
export const records: readonly Op[] = Object.values(adjoint).flatMap((value) =>
	typeof value === "function" && "op" in value ? [value.op as Op] : [],
);
