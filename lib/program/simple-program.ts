import { decompose } from "./decompose.ts";
import { intoSteps } from "./into-steps.ts";
import type { Program } from "./program.ts";
import { simplify } from "./simplify.ts";
import { sortAlone } from "./sort-alone.ts";

/** The same program, as it is handed to a backend. */
export function simpleProgram(program: Program): Program {
	return sortAlone(intoSteps(simplify(decompose(program)).program));
}
