import type { Statement } from "../../lib/derivation/index.ts";
import { numpyStatement } from "../../lib/derivation/printers/numpy.ts";

/** Statements in NumPy's notation, a line each. */
export function linesOf(statements: readonly Statement[]): string[] {
	return statements.flatMap((statement) => numpyStatement(statement));
}
