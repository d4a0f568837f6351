import type { Manual } from "../protocol.ts";
import { said } from "./causes.ts";
import { element, prose } from "./elements.ts";
import { word } from "./words.ts";

/**
 * What is right and what is wrong of a backward pass, a line for each gradient.
 * @param wanted those that a lesson asks for; what is missing of them is shown too
 */
export function showManual(
	{ ok, steps, stopped }: Manual,
	wanted: readonly string[],
): { isDone: boolean; rows: Node[] } {
	const told = (line: string) => element("p", { class: "detail" }, said(String(line)));
	if (stopped.length > 0) {
		const rows = [element("p", { class: "wrong" }, word("ends")), ...stopped.map(told)];
		return { isDone: false, rows };
	}
	const first = steps.find(({ agrees }) => !agrees);
	const rows = steps.map((step) => {
		const state = step.agrees ? "agrees" : step === first ? "wrong" : "later";
		const details = step === first ? step.details.map(told) : [];
		return row(String(step.key), state, details);
	});
	const missing = wanted.filter((name) => steps.every(({ key }) => key !== name));
	rows.push(...missing.map((name) => row(name, "missing", [])));
	const isDone = ok === true && missing.length === 0;
	return { isDone, rows: [element("ol", { class: "gradients" }, ...rows)] };
}

const MARKS = { agrees: "✓", wrong: "✗", later: "✗", missing: "…" } as const;

function row(name: string, state: keyof typeof MARKS, details: readonly Node[]): HTMLElement {
	const mark = element("span", { class: "mark", "aria-hidden": "true" }, MARKS[state]);
	return element(
		"li",
		{ class: state },
		mark,
		...prose(`\`${name}\``),
		` ${word(state)}`,
		...details,
	);
}
