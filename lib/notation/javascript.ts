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
	{ "-": LEVEL.sign, "!": LEVEL.sign },
);
