/** What style sheets ask, and what they are made to ask where the reader has chosen otherwise. */
const DARK = "(prefers-color-scheme: dark)";
const ALWAYS = `${DARK}, all`;
const NEVER = `${DARK} and (max-width: 0px)`;

/** Makes the document dark or light, whatever the system is; style sheets stay written for that. */
export function paint(isDark: boolean): void {
	document.documentElement.style.colorScheme = isDark ? "dark" : "light";
	for (const { cssRules } of document.styleSheets) {
		for (const rule of cssRules) {
			if (!(rule instanceof CSSMediaRule) || !rule.media.mediaText.includes(DARK)) continue;
			rule.media.mediaText = isDark ? ALWAYS : NEVER;
		}
	}
}
