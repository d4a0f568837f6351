import type { Statement } from "../draft/model.ts";
import type { Lang } from "../text/headings.ts";

const WORDS = {
	en: {
		stopped: "held fixed: no gradient flows through it",
		given: "its derivative is given by customGradient",
		taken: "given by customGradient, not derived",
	},
	zh: {
		stopped: "视为常数：梯度不流过此值",
		given: "其导数由 customGradient 给定",
		taken: "由 customGradient 给定，并非推导而来",
	},
};

/**
 * What a reader has to know of a line because a derivative was fixed by hand: that of the line, or
 * the one that the line gives. Null where none was.
 */
export function markOf({ value, reason }: Statement, lang: Lang): string | null {
	const words = WORDS[lang];
	const own = value.kind === "instruction" ? value.op.traits?.byHand : undefined;
	if (reason.kind === "forward") return own === undefined ? null : words[own];
	const steps = reason.kind === "gradient" ? reason.steps : [];
	return steps.some(({ forward }) => forward.op.traits?.byHand === "given") ? words.taken : null;
}
