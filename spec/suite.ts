import * as fc from "fast-check";
import { suite as uvuSuite } from "uvu";

/**
 * What is drawn at random is the same in each run, so that a failure belongs to what was changed.
 * `SEED=7 npm test` draws other cases; the `fuzz` scripts draw new ones whenever no seed is given.
 */
const seed = Number(process.env.SEED ?? 1);
fc.configureGlobal({ includeErrorInReport: true, seed });

/** The names of the suites of this process, to notice one that is registered twice. */
const names = new Set<string>();

/**
 * Registers a suite and runs it: a suite whose `.run()` is forgotten would pass without a word. An
 * empty suite and a second suite of the same name are errors.
 */
export function suite(
	name: string,
	define: (test: (claim: string, check: () => void | Promise<void>) => void) => void,
): void {
	if (names.has(name)) throw new Error(`two suites are called ${name}`);
	names.add(name);
	const tests = uvuSuite(name);
	const claims = new Set<string>();
	define((claim, check) => {
		if (claims.has(claim)) throw new Error(`${name}: two tests claim "${claim}"`);
		claims.add(claim);
		tests(claim, check);
	});
	if (claims.size === 0) throw new Error(`the suite ${name} is empty`);
	tests.run();
}
