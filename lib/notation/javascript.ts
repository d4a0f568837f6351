import { codeLanguage } from "./code.ts";
import { each, LEVEL } from "./language.ts";

/** JavaScript, and so TypeScript. */
export const javascript = codeLanguage(
	"\\*\\*|[=!]==|&&|\\|\\||[=!<>]=",
	{
		...each("? :", LEVEL.choice, "right"),
		...each("||", LEVEL.or, "left"),
		...each("&&", LEVEL.and, "left"),
	},
	// JavaScript refuses a sign beside a power: -x ** 2 needs brackets, whichever is meant.
	{ "-": LEVEL.power + 0.5, "!": LEVEL.sign },
);
