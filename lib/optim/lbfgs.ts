import * as kind from "../core/argument-kinds.ts";
import { full, zeros } from "../core/create.ts";
import { checkOptions } from "../core/options.ts";
import { tracing } from "../core/tape.ts";
import { flatten } from "../core/tree.ts";
import { astype } from "../ops/cast.ts";
import { areWatched, type LbfgsState, type Objective } from "./lbfgs-state.ts";
import { plainUpdate } from "./plain-lbfgs.ts";
import { recordedUpdate } from "./recorded-lbfgs.ts";

export type { LbfgsState, Objective };

/** Minimizes a function whose value and gradient can be had exactly, over the whole data. */
export interface Lbfgs {
	/** The state at the parameters to begin with. */
	init<Params>(f: Objective<Params>, params: Params): LbfgsState<Params>;
	/**
	 * The parameters after one more step, and the state to go on with: of the same function, from
	 * these very parameters.
	 */
	update<Params>(
		f: Objective<Params>,
		state: LbfgsState<Params>,
		params: Params,
	): [params: Params, state: LbfgsState<Params>];
}

/** Options of `lbfgs`. */
export interface LbfgsOptions {
	/** How many of the last steps shape the next one; left out: 10. */
	readonly history?: number;
}

/**
 * L-BFGS with a line search: a quasi-Newton method for functions without noise. The last steps and
 * what they did to the gradient stand for the curvature (J. Nocedal, "Updating quasi-Newton
 * matrices with limited storage", 1980; two-loop recursion). Each update evaluates `f` about once,
 * at times more; where no step is better the parameters stay. An update compiles, with the search
 * as a loop of the program: `compile((state, params) => optimizer.update(f, state, params))`. It
 * has derivatives and goes through `vmap`.
 * @throws DomainError when `history` is not a whole number from 1
 * @throws GradientError when `f` is differentiated by a tensor of which the state knows nothing
 */
export function lbfgs(options?: LbfgsOptions): Lbfgs {
	const { history = 10 } = checkOptions("lbfgs", options, { history: kind.count });
	return {
		init: (f, params) => {
			const [value, gradient] = f(params);
			const { leaves } = flatten("lbfgs", params, "parameters");
			const none = zeros([history, leaves.reduce((sum, { size }) => sum + size, 0)]);
			const count = full([], 0, { dtype: "int32" });
			return {
				step: count,
				value: astype(value, "float64"),
				gradient,
				known: count,
				steps: none,
				changes: none,
			};
		},
		update: (f, state, params) => {
			const isRecorded = tracing.depth > 0 || areWatched([state, params]);
			const update = isRecorded ? recordedUpdate : plainUpdate;
			return update(f, state, params, history);
		},
	};
}
