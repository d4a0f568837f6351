import { differencesOf } from "./by-differences.ts";
import type { Executor, Outcome } from "./executor.ts";
import type { ProgramForm, ProgramText } from "./program.ts";
import type { Reference } from "./reference.ts";
import { type Elements, relativeDistance, shapeDifference } from "./values.ts";

/** What was found of one variable in one form. */
export interface VariableCheck {
	readonly form: ProgramForm;
	readonly variable: string;
	/**
	 * How far it is from what the function and the engine give, relative to the greatest element or
	 * 1; null where it was not computed.
	 */
	readonly engine: number | null;
	/** What differences of the printed forward lines say of a gradient; null for other lines. */
	readonly differences: string | null;
	/** What else is wrong, such as an error that the line throws. */
	readonly problem: string | null;
	readonly ok: boolean;
}

/** The engine's own form, and others, which compute the same in another way. */
const TOLERANCE = {
	ts: { float64: 1e-12, float32: 1e-4, int32: 0, bool: 0 },
	plain: { float64: 1e-9, float32: 1e-4, int32: 0, bool: 0 },
	numpy: { float64: 1e-9, float32: 1e-4, int32: 0, bool: 0 },
};

/**
 * Judges every line of a program, each on the premise that the lines before it are right.
 * @param second another point, where lines that seem right are compared again; null for none
 */
export function judgeProgram(
	program: ProgramText,
	executor: Executor,
	reference: Reference,
	second: Reference | null,
): VariableCheck[] {
	const { form } = program;
	const there =
		second === null ? [] : comparisons(program, executor.run(second.lines, second.given), second);
	const outcomes = executor.run(reference.lines);
	const compared = comparisons(program, outcomes, reference);
	for (const [name, { engine, problem }] of there) {
		if (problem === null || compared.get(name)?.problem !== null) continue;
		compared.set(name, { engine, problem: `at a second point near this one: ${problem}` });
	}
	const wrong = new Set([...compared].flatMap(([name, { problem }]) => (problem ? [name] : [])));
	const differences = differencesOf(program, executor, reference, outcomes, wrong);
	const checks: VariableCheck[] = [];
	for (const [variable, found] of compared) {
		const isAsked = reference.lines.has(variable) || differences.has(variable);
		if (!isAsked && found.problem === null) continue;
		const said = differences.get(variable);
		const ok = found.problem === null && (said?.ok ?? true);
		checks.push({ form, variable, ...found, differences: said?.text ?? null, ok });
	}
	for (const variable of reference.required.filter((name) => !outcomes.has(name))) {
		const problem = "the text does not compute it";
		checks.push({ form, variable, engine: null, differences: null, problem, ok: false });
	}
	if (checks.some(({ ok }) => !ok)) return checks;
	return withWhole(checks, form, executor, reference);
}

function comparisons(
	program: ProgramText,
	outcomes: ReadonlyMap<string, Outcome>,
	reference: Reference,
): Map<string, Comparison> {
	return new Map(
		[...outcomes].map(([name, outcome]) => [name, compare(program, name, outcome, reference)]),
	);
}

type Comparison = Pick<VariableCheck, "engine" | "problem">;

/** The outcome of a line beside what it should be. */
function compare(
	{ form, parts }: ProgramText,
	variable: string,
	outcome: Outcome,
	{ lines, engine, given }: Reference,
): Comparison {
	if (outcome.kind === "stopped") return { engine: null, problem: outcome.message };
	const { value } = outcome;
	const line = lines.get(variable);
	if (line === undefined) return { engine: null, problem: null };
	const reference = engine.get(variable) ?? line;
	const other = shapeDifference(value, reference);
	if (other !== null) return { engine: null, problem: other };
	const off = relativeDistance(value.values, reference.values);
	const limit = TOLERANCE[form][reference.dtype];
	if (!(off <= limit)) return { engine: off, problem: "it is another value" };
	// What it reads is as it should be, so that only the rounding of this line is left.
	const own = relativeDistance(value.values, line.values, 0);
	if (own <= limit) return { engine: off, problem: null };
	const { reads } = parts.find(({ writes }) => writes.includes(variable))!;
	const sizes = [...reads].map((name) => greatest(lines.get(name) ?? given.get(name)));
	const isRounding = relativeDistance(value.values, line.values, Math.max(0, ...sizes)) <= limit;
	return { engine: off, problem: isRounding ? null : "it is another value" };
}

function greatest(x: Elements | undefined): number {
	let most = 0;
	for (const each of x?.values ?? [])
		if (Number.isFinite(each)) most = Math.max(most, Math.abs(each));
	return most;
}

/** What the whole text returns when it runs at once. */
function withWhole(
	checks: VariableCheck[],
	form: ProgramForm,
	executor: Executor,
	{ lines, results }: Reference,
): VariableCheck[] {
	const whole = executor.whole(results);
	return checks.map((check) => {
		const outcome = whole.get(check.variable);
		const line = lines.get(check.variable);
		if (outcome === undefined || line === undefined) return check;
		if (outcome.kind === "stopped") {
			return { ...check, problem: `the program as a whole: ${outcome.message}`, ok: false };
		}
		const isSame =
			shapeDifference(outcome.value, line) === null &&
			relativeDistance(outcome.value.values, line.values) <= 100 * TOLERANCE[form][line.dtype];
		const problem = "the program as a whole gives another value";
		return isSame ? check : { ...check, problem, ok: false };
	});
}
