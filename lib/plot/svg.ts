/** A text as it has to stand in SVG. */
function escapeText(text: string): string {
	const entities: Record<string, string> = {
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		'"': "&quot;",
	};
	return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** The colours of all our pictures, on light and on dark ground. */
const STYLE = `
	text { font: 12px system-ui, sans-serif; fill: #333 }
	.title { font-size: 14px; font-weight: 600 }
	.grid { stroke: #ddd; stroke-width: 1 }
	.ground { fill: #fff }
	@media (prefers-color-scheme: dark) {
		text { fill: #ccc }
		.grid { stroke: #444 }
		.ground { fill: #1b1b1b }
	}`;

/** A whole SVG file; the label is what a screen reader says. */
export function svg(
	width: number,
	height: number,
	label: string,
	parts: readonly string[],
): string {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(label)}">`,
		`<style>${STYLE}\n</style>`,
		'<rect class="ground" width="100%" height="100%"/>',
		...parts,
		"</svg>",
		"",
	].join("\n");
}

/** A text at a place; `anchor` is what lies there: its start, middle or end. */
export function label(
	text: string,
	x: number,
	y: number,
	anchor: "start" | "middle" | "end" = "start",
	className = "",
): string {
	const named = className === "" ? "" : ` class="${className}"`;
	return `<text x="${digits(x)}" y="${digits(y)}" text-anchor="${anchor}"${named}>${escapeText(text)}</text>`;
}

/** A coordinate, to a hundredth of a pixel. */
export function digits(x: number): string {
	return String(Math.round(x * 100) / 100);
}
