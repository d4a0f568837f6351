import { codeLanguage } from "./code.ts";
import { each, LEVEL } from "./language.ts";

/** Python, as far as NumPy programs go. */
export const python = codeLanguage("\\*\\*|//|[=!<>]=", each("// @", LEVEL.product, "left"), {
	"-": LEVEL.sign,
	"~": LEVEL.sign,
});
