/**
 * How thorough this run is: `--quick` for a look while one works, `--full` for all that there is
 * time for.
 */
const effort = ["--quick", "--full"].find((flag) => process.argv.includes(flag));

/** Whether all is run that takes long: whole trainings of examples, nets of full size. */
export const IS_FULL = effort === "--full";

/**
 * On how many random cases something is tried that `npm run laws` tries on so many: on a sixth of
 * them.
 */
export const sampled = (cases: number): number => (IS_FULL ? cases : Math.ceil(cases / 6));

/** As many of these cases as `sampled` says, from all over the list. */
export function someOf<T>(cases: readonly T[]): T[] {
	const count = sampled(cases.length);
	return Array.from({ length: count }, (_, i) => cases[Math.floor((i * cases.length) / count)]!);
}

/**
 * On how many random cases a law is tried: sampled as a rule, fewer in a quick run, many in a full
 * one.
 */
export const LAW_RUNS = effort === "--quick" ? 6 : effort === "--full" ? 200 : 8;

/** How many random programs are tried in every way that there is to run one. */
export const PROGRAM_RUNS = effort === "--full" ? 100 : 6;

/** At how many points the accuracy of an op is measured. */
export const POINTS = effort === "--quick" ? 4 : effort === "--full" ? 1000 : 8;
