import type { Expression } from "./expression.ts";

/**
 * Gives expressions with others in the place of some of their parts. What they share they go on to
 * share, those of several calls too.
 */
export function replacing(
	by: (part: Expression) => Expression | null,
): (whole: Expression) => Expression {
	const known = new Map<Expression, Expression>();
	const read = (part: Expression): Expression => {
		const made = known.get(part) ?? by(part) ?? inside(part);
		known.set(part, made);
		return made;
	};
	const inside = (part: Expression): Expression => {
		switch (part.kind) {
			case "formula":
				return { ...part, args: part.args.map(read) };
			case "cast":
				return { ...part, of: read(part.of) };
			case "random":
				return { ...part, key: part.key.map(read), counters: part.counters.map(read) };
			case "chance":
				return { ...part, number: read(part.number), probability: read(part.probability) };
			case "pick":
				return { ...part, number: read(part.number) };
			default:
				return part;
		}
	};
	return read;
}
