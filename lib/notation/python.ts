import { codeLanguage } from "./code.ts";
import { each, LEVEL } from "./language.ts";

/** A number in Python, with NumPy's words for those that have no digits. */
export function pythonNumber(number: number): string {
	if (Number.isNaN(number)) return "np.nan";
	if (!Number.isFinite(number)) return number > 0 ? "np.inf" : "-np.inf";
	return Object.is(number, -0) ? "-0.0" : String(number);
}

/** Python, as far as NumPy programs go. */
export const python = codeLanguage(
	"\\*\\*|//|[=!<>]=",
	{
		...each("== != < > <= >=", LEVEL.comparison, "neither"),
		...each("// @", LEVEL.product, "left"),
	},
	{ "-": LEVEL.sign, "~": LEVEL.sign },
);
