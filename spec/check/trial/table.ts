import { right, wrong } from "./cases.ts";
import type { Mistakes } from "./outcomes.ts";

/** How many mistakes each check makes, as a table in Markdown. */
export function table(mistakes: Readonly<Record<string, Mistakes>>): string {
	const [wrongs, rights] = [Object.keys(wrong).length, Object.keys(right).length];
	const rows = [
		["", `wrong ones let through, of ${wrongs}`, `right ones not confirmed, of ${rights}`],
		...Object.entries(mistakes).map(([name, { letThrough, refused }]) => [
			name,
			String(letThrough.length),
			String(refused.length),
		]),
	];
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	rows.splice(
		1,
		0,
		widths.map((width) => "-".repeat(width)),
	);
	const padded = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)));
	return padded.map((row) => `| ${row.join(" | ")} |`).join("\n");
}
