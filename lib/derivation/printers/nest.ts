import type { Shape } from "../../core/shape.ts";

/**
 * Nested loops around a body; an index that is 0 has none. Several lines without a loop are a
 * block.
 */
export function loops(
	index: readonly string[],
	shape: Shape,
	body: readonly string[],
): readonly string[] {
	const heads = index
		.map((i, axis) =>
			shape[axis] === 1 ? "" : `for (let ${i} = 0; ${i} < ${shape[axis]}; ${i}++)`,
		)
		.filter((head) => head !== "");
	if (heads.length === 0 && body.length > 1) heads.push("");
	return heads.reduceRight<readonly string[]>((lines, head) => {
		if (lines.length === 1) return [`${head} ${lines[0]}`];
		return [`${head} {`.trimStart(), ...lines.map((line) => `  ${line}`), "}"];
	}, body);
}
