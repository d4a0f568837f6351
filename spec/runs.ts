/**
 * How thorough this run is: `--quick` for a look while one works, `--full` for all that there is
 * time for.
 */
const effort = ["--quick", "--full"].find((flag) => process.argv.includes(flag));

/** Whether all is run that takes long: whole trainings of examples, nets of full size. */
export const IS_FULL = effort === "--full";

/**
 * On how many random cases a law is tried: sampled as a rule, fewer in a quick run, many in a full
 * one.
 */
export const LAW_RUNS = effort === "--quick" ? 8 : effort === "--full" ? 200 : 12;

/** How many random programs are tried in every way that there is to run one. */
export const PROGRAM_RUNS = effort === "--full" ? 100 : 8;

/** At how many points the accuracy of an op is measured. */
export const POINTS = effort === "--quick" ? 6 : effort === "--full" ? 1000 : 14;
