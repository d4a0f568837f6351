import type { Op } from "./op.ts";
import type { Data } from "./params.ts";
import type { Node } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

/** What `debug` sets while a function runs under it, and what the core consults. */
export const debugState: {
	/** Looks at each evaluation, and throws when it does not like what it sees. */
	inspect: ((op: Op, inputs: readonly Tensor[], params: Data, out: Tensor) => void) | null;
	/** The node whose derivative is being applied, if any. */
	differentiating: Node | null;
	/** Notes where the user's source is that the core is called from; asked, it gives the words. */
	here: (() => () => string) | null;
} = { inspect: null, differentiating: null, here: null };
