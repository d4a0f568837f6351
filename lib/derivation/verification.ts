import type { VariableCheck } from "./running/judge.ts";
import type { ProgramForm } from "./running/program.ts";

/** The outcome of `verify` and `checkText`, as a table that is meant to be read. */
export class Verification {
	/** Every line of every form that ran. */
	readonly checks: readonly VariableCheck[];
	/** The forms that ran. */
	readonly ran: readonly ProgramForm[];
	/** Why a form that was asked for did not run. */
	readonly notRun: ReadonlyMap<ProgramForm, string>;
	/**
	 * Lines are compared at the given arguments, and at others near them; null, or why there are no
	 * such others: a function that throws there, say.
	 */
	readonly notNear: string | null;

	/** @internal */
	constructor(
		checks: readonly VariableCheck[],
		ran: readonly ProgramForm[],
		notRun: ReadonlyMap<ProgramForm, string>,
		notNear: string | null,
	) {
		this.checks = checks;
		this.ran = ran;
		this.notRun = notRun;
		this.notNear = notNear;
	}

	/** Whether something ran, and every line of it is true. */
	get ok(): boolean {
		return this.ran.length > 0 && this.wrong.length === 0;
	}

	/** The variables whose lines are wrong in a form. */
	get wrong(): readonly string[] {
		const found = this.checks.filter(({ ok }) => !ok).map(({ variable }) => variable);
		return [...new Set(found)];
	}

	/** A line for each variable, and what ran. */
	toString(): string {
		const variables = [...new Set(this.checks.map(({ variable }) => variable))];
		const width = Math.max(0, ...variables.map((name) => name.length));
		const lines = variables.map((variable) => {
			const all = this.checks.filter((check) => check.variable === variable);
			const wrong = all.filter(({ ok }) => !ok);
			const told = wrong.length > 0 ? wrong : all;
			const forms = wrong.length > 0 ? [`${wrong.map(({ form }) => form).join(", ")}:`] : [];
			const start = [wrong.length > 0 ? "WRONG" : "ok   ", variable.padEnd(width)];
			return [...start, ...forms, ...toldOf(told)].join("  ").trimEnd();
		});
		const ran = this.ran.length === 0 ? [] : [`ran as printed: ${this.ran.join(", ")}`];
		const not = [...this.notRun].map(([form, reason]) => `not run: ${form}, ${reason}`);
		return [...lines, ...ran, ...not].join("\n");
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/** What the forms say of a variable: the worst of the numbers, and each text once. */
function toldOf(checks: readonly VariableCheck[]): string[] {
	const offs = checks.flatMap(({ engine }) => (engine === null ? [] : [engine]));
	const off = Math.max(...offs);
	const engine = off === 0 ? "0" : off.toExponential(1);
	const texts = checks.flatMap(({ problem, differences }) => [problem, differences]);
	const parts = [...(offs.length === 0 ? [] : [`engine ± ${engine}`]), ...texts];
	return [...new Set(parts.filter((text) => text !== null))];
}
