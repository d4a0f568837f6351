import type { Program } from "../program.ts";
import { withCommonShared } from "./common.ts";
import { withoutDead } from "./dead.ts";
import { withConstantsFolded } from "./fold.ts";

/** The same function in fewer instructions. */
export function optimized(program: Program): Program {
	return withoutDead(withCommonShared(withConstantsFolded(program)));
}
