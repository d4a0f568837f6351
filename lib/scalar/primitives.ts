/** What a primitive is. */
interface PrimitiveRecord {
	/** What it does to JavaScript's numbers, truth being 1 and 0: this is what it means. */
	readonly evaluate: (...x: number[]) => number;
	/** How JavaScript writes it; left out: it is the function of `Math` of this name. */
	readonly operator?: string;
}

/**
 * What formulas are made of. Every reading agrees with it to the bit where it computes in float64,
 * the sign of a zero included; one NaN is like another.
 */
export const primitives = {
	add: { operator: "+", evaluate: (x, y) => x! + y! },
	sub: { operator: "-", evaluate: (x, y) => x! - y! },
	mul: { operator: "*", evaluate: (x, y) => x! * y! },
	div: { operator: "/", evaluate: (x, y) => x! / y! },
	neg: { operator: "-", evaluate: (x) => -x! },
	abs: { evaluate: Math.abs },
	sqrt: { evaluate: Math.sqrt },
	floor: { evaluate: Math.floor },
	ceil: { evaluate: Math.ceil },
	min: { evaluate: Math.min },
	max: { evaluate: Math.max },
	equal: { operator: "===", evaluate: (x, y) => Number(x === y) },
	notEqual: { operator: "!==", evaluate: (x, y) => Number(x !== y) },
	less: { operator: "<", evaluate: (x, y) => Number(x! < y!) },
	lessEqual: { operator: "<=", evaluate: (x, y) => Number(x! <= y!) },
	greater: { operator: ">", evaluate: (x, y) => Number(x! > y!) },
	greaterEqual: { operator: ">=", evaluate: (x, y) => Number(x! >= y!) },
	and: { operator: "&&", evaluate: (t, u) => t! & u! },
	or: { operator: "||", evaluate: (t, u) => t! | u! },
	xor: { operator: "!==", evaluate: (t, u) => t! ^ u! },
	not: { operator: "!", evaluate: (t) => 1 - t! },
	select: { operator: "?", evaluate: (t, x, y) => (t === 1 ? x! : y!) },
} as const satisfies Record<string, PrimitiveRecord>;

/** The name of a primitive. */
export type Primitive = keyof typeof primitives;

/** What is known of a primitive. */
export function primitive(name: Primitive): PrimitiveRecord {
	return primitives[name];
}

/** Whether a primitive gives truth, and no number. */
export function givesTruth(name: Primitive): boolean {
	const { operator } = primitive(name);
	return /^[!&|=<>]/.test(operator ?? "");
}

/** Whether a primitive compares two numbers. */
export function compares(name: Primitive): boolean {
	return name !== "xor" && name !== "not" && /^[!=<>]/.test(primitive(name).operator ?? "");
}
