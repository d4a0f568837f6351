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
	const steps = reason.kind === "gradient" ? reason.steps : [];
	if (steps.some(({ forward }) => forward.op.traits?.byHand === "given")) return words.taken;
	const isNeeded = steps.some(({ forward }) => forward.op.traits?.needsInverse);
	return needsInverse(expression) && !isNeeded ? words.regular : null;
}

function needsInverse(expression: LineExpression): boolean {
	if (expression.kind !== "application") return false;
	const { op, args } = expression;
	return op.traits?.needsInverse === true || args.some(needsInverse);
}
