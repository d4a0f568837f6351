import type { Op } from "../core/op.ts";
import * as ops from "../ops/index.ts";

/** The records of all ops: every public function that carries one. A new op joins by itself. */
export const records: readonly Op[] = Object.values(ops).flatMap((value) =>
	typeof value === "function" && "op" in value ? [value.op as Op] : [],
);
