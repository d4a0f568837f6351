import type { Tensor } from "../../core/tensor.ts";
import { differencesOf } from "./by-differences.ts";
import type { Executor, Outcome } from "./executor.ts";
import type { BlockValues } from "./loop-values.ts";
import { blockVisits } from "./loop-visits.ts";
import type { ProgramForm, ProgramText } from "./program.ts";
import type { Reference } from "./reference.ts";
import { type Elements, elementsOf, relativeDistance, shapeDifference } from "./values.ts";

/** What was found of one variable in one form. */
export interface VariableCheck {
	readonly form: ProgramForm;
	readonly variable: string;
	/**
	 * How far it is from what the function and the engine give, relative to the greatest element, or
	 * to the terms that cancel in it; null where it was not computed.
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
	const [, there] = second === null ? [] : compared(program, executor, second, second.given);
	const [outcomes, here] = compared(program, executor, reference);
	const { lines } = here;
	for (const [name, { engine, problem }] of there?.lines ?? []) {
		if (problem === null || lines.get(name)?.problem) continue;
		lines.set(name, { engine, problem: `at a second point near this one: ${problem}` });
	}
	const following = new Set([...here.following, ...(there?.following ?? [])]);
	const wrong = new Set([...lines].flatMap(([name, { problem }]) => (problem ? [name] : [])));
	const misled = new Set([...wrong, ...following]);
	const differences = differencesOf(program, executor, reference, outcomes, misled);
	const checks: VariableCheck[] = [];
	for (const [variable, found] of lines) {
		const said = following.has(variable) ? undefined : differences.get(variable);
		const isAsked = found.engine !== null || said !== undefined;
		if (!isAsked && found.problem === null) continue;
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

/** What was found of lines, and which follow from what is wrong in a loop or a choice. */
interface Found {
	readonly lines: Map<string, Comparison>;
	readonly following: ReadonlySet<string>;
}

/** Runs a program at a point, and compares each line with what it should be. */
function compared(
	program: ProgramText,
	executor: Executor,
	reference: Reference,
	given?: ReadonlyMap<string, Elements>,
): [ReadonlyMap<string, Outcome>, Found] {
	const outcomes = executor.run(reference.lines, given);
	const lines = comparisons(program.form, outcomes, reference);
	const following = new Set<string>();
	const inBlocks = judgedInBlocks(program, executor, reference);
	for (const found of inBlocks.values()) {
		if (found.problem === null) continue;
		const { after } = found.outermost;
		for (const name of after.keys()) following.add(name);
		for (const { writes } of program.parts) {
			if (writes.some((name) => after.has(name))) for (const name of writes) following.add(name);
		}
	}
	// What a loop or a choice leaves behind is wrong because a line in it is.
	for (const name of following) {
		const found = lines.get(name);
		if (found !== undefined) lines.set(name, { ...found, problem: null });
	}
	return [outcomes, { lines: together(lines, inBlocks), following }];
}

/** Lines in their order, those in a loop or a choice with what that leaves behind. */
function together(
	lines: ReadonlyMap<string, Comparison>,
	inBlocks: ReadonlyMap<string, InBlock>,
): Map<string, Comparison> {
	const all = new Map<string, Comparison>();
	const add = (variable: string, inside: InBlock) => {
		const after = lines.get(variable);
		const engine = greatest(inside.engine, after?.engine ?? null);
		all.set(variable, { engine, problem: inside.problem ?? after?.problem ?? null });
	};
	for (const [variable, found] of lines) {
		const own = inBlocks.get(variable);
		if (own === undefined) all.set(variable, found);
		else if (!all.has(variable)) {
			for (const [name, inside] of inBlocks) {
				if (inside.outermost === own.outermost) add(name, inside);
			}
		}
	}
	return all;
}

/** What was found of each variable of a loop or a choice: the first line that is wrong. */
function judgedInBlocks(
	program: ProgramText,
	executor: Executor,
	{ block, blocks }: Reference,
): ReadonlyMap<string, InBlock> {
	const found = new Map<string, InBlock>();
	const visits = blockVisits(program, block, blocks);
	const outcomes = executor.visit(visits.map(({ visit }) => visit));
	for (const [i, { judged }] of visits.entries()) {
		if (judged === null) continue;
		const { value, text, where, isStart, outermost } = judged;
		const { variable } = value.statement;
		const before = found.get(variable);
		if (before !== undefined && before.problem !== null) continue;
		const outcome = isStart ? stretched(outcomes[i]!, value.line) : outcomes[i]!;
		const { engine, problem } = compare(program.form, variable, outcome, {
			lines: new Map([[variable, elementsOf(value.line)]]),
			engine: new Map(value.engine === null ? [] : [[variable, elementsOf(value.engine)]]),
			terms: value.terms,
		});
		found.set(variable, {
			engine: greatest(engine, before?.engine ?? null),
			problem: problem === null ? null : `${text}, ${where}: ${problem}`,
			outermost,
		});
	}
	return found;
}

/** What starts a loop may be a number that stands for all elements. */
function stretched(outcome: Outcome, to: Tensor): Outcome {
	if (outcome.kind === "stopped" || outcome.value.shape?.length !== 0) return outcome;
	const values = new Float64Array(to.size).fill(outcome.value.values[0]!);
	return { kind: "value", value: { ...outcome.value, shape: to.shape, values } };
}

function greatest(x: number | null, y: number | null): number | null {
	return x === null || y === null ? (x ?? y) : Math.max(x, y);
}

function comparisons(
	form: ProgramForm,
	outcomes: ReadonlyMap<string, Outcome>,
	reference: Reference,
): Map<string, Comparison> {
	return new Map(
		[...outcomes].map(([name, outcome]) => [name, compare(form, name, outcome, reference)]),
	);
}

type Comparison = Pick<VariableCheck, "engine" | "problem">;

/** A line that stands in a loop or a choice. */
interface InBlock extends Comparison {
	readonly outermost: BlockValues;
}

/** The outcome of a line beside what it should be. */
function compare(
	form: ProgramForm,
	variable: string,
	outcome: Outcome,
	{ lines, engine, terms }: Pick<Reference, "lines" | "engine" | "terms">,
): Comparison {
	if (outcome.kind === "stopped") return { engine: null, problem: outcome.message };
	const { value } = outcome;
	const line = lines.get(variable);
	if (line === undefined) return { engine: null, problem: null };
	const reference = engine.get(variable) ?? line;
	const other = shapeDifference(value, reference);
	if (other !== null) return { engine: null, problem: other };
	const limit = TOLERANCE[form][reference.dtype];
	const off = relativeDistance(value, reference, limit, () => terms.whole(variable));
	if (!(off <= limit)) return { engine: off, problem: "it is another value" };
	// What it reads is as it should be, so that only the rounding of this line is left.
	const own = relativeDistance(value, line, limit, () => terms.line(variable));
	return { engine: off, problem: own <= limit ? null : "it is another value" };
}

/** What the whole text returns when it runs at once. */
function withWhole(
	checks: VariableCheck[],
	form: ProgramForm,
	executor: Executor,
	{ lines, results, terms }: Reference,
): VariableCheck[] {
	const whole = executor.whole(results);
	return checks.map((check) => {
		const outcome = whole.get(check.variable);
		const line = lines.get(check.variable);
		if (outcome === undefined || line === undefined) return check;
		if (outcome.kind === "stopped") {
			return { ...check, problem: `the program as a whole: ${outcome.message}`, ok: false };
		}
		const limit = 100 * TOLERANCE[form][line.dtype];
		const termSize = () => terms.whole(check.variable);
		const isSame =
			shapeDifference(outcome.value, line) === null &&
			relativeDistance(outcome.value, line, limit, termSize) <= limit;
		const problem = "the program as a whole gives another value";
		return isSame ? check : { ...check, problem, ok: false };
	});
}
