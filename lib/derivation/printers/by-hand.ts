import type { LineExpression, Statement } from "../draft/model.ts";
import type { Lang } from "../text/headings.ts";

const WORDS = {
	en: {
		stopped: "held fixed: no gradient flows through it",
		given: "its derivative is given by customGradient",
		taken: "given by customGradient, not derived",
		regular: "where the inverse exists",
	},
	zh: {
		stopped: "视为常数：梯度不流过此值",
		given: "其导数由 customGradient 给定",
		taken: "由 customGradient 给定，并非推导而来",
		regular: "在逆矩阵存在处成立",
	},
};

/**
 * What a reader has to know of a line: that a derivative was fixed by hand, that of the line or the
 * one that the line gives; or that the line needs an inverse where the function does not. Null
 * where there is nothing to say.
 */
export function markOf({ value, expression, reason }: Statement, lang: Lang): string | null {
	const words = WORDS[lang];
	const own = value.kind === "instruction" ? value.op.traits?.byHand : undefined;
	if (reason.kind === "forward") return own === undefined ? null : words[own];
	const steps = "steps" in reason && reason.kind !== "term" ? reason.steps : [];
	if (steps.some(({ forward }) => forward.op.traits?.byHand === "given")) return words.taken;
	const isNeeded = steps.some(({ forward }) => forward.op.traits?.needsInverse);
	return needsInverse(expression) && !isNeeded ? words.regular : null;
}

function needsInverse(expression: LineExpression): boolean {
	if (expression.kind !== "application") return false;
	const { op, args } = expression;
	return op.traits?.needsInverse === true || args.some(needsInverse);
}

/** What a mark in a printed line says of the variable of that line. */
export type Mark = keyof (typeof WORDS)["en"];

/**
 * The marks in a printed program, by the variables on whose lines they stand: that is all that lets
 * a line be other than a derivative.
 */
export function marksIn(text: string): ReadonlyMap<string, Mark> {
	const marks = new Map<string, Mark>();
	const all = Object.values(WORDS).flatMap((words) => Object.entries(words) as [Mark, string][]);
	for (const line of text.split("\n")) {
		const found = all.find(([, words]) => line.endsWith(words));
		const name = /^\s*(?:\/\/ )?(?:const |let )?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(
			line,
		)?.[1];
		if (found !== undefined && name !== undefined) marks.set(name, found[0]);
	}
	return marks;
}
