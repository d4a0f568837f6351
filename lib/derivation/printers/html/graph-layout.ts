import { variablesIn } from "../../draft/expressions.ts";
import type { Derived, Statement } from "../../draft/model.ts";

/** A node of the drawn graph; its gradient stands mirrored at the other side, in the same row. */
export interface GraphNode {
	readonly variable: string;
	readonly role: "argument" | "forward";
	/** An argument stands beside each line that uses it; this is one of the later places. */
	readonly isRepeated: boolean;
	/** Distance of the centre from the outer edge of its side, and from the top. */
	readonly x: number;
	readonly y: number;
	/**
	 * The variable of its gradient, `""` for the result, whose gradient is 1; null where it has none.
	 */
	readonly gradient: string | null;
}

/** From one variable to another that is made from it. */
export interface GraphEdge {
	readonly from: GraphNode;
	readonly to: GraphNode;
}

/** Where everything stands: forward flows down on the left, gradients flow up on the right. */
export interface GraphLayout {
	/** The width of one side, and the height of both. */
	readonly side: number;
	readonly height: number;
	readonly nodes: readonly GraphNode[];
	readonly forward: readonly GraphEdge[];
	/** In the direction of the forward pass; gradients run along them backwards. */
	readonly backward: readonly GraphEdge[];
}

/** The size of a node, and the room around it. */
export const NODE = { width: 84, height: 26 } as const;
const COLUMN = 104;
const GAP = 16;
const SLOT = NODE.height + 8;

/**
 * Lays the graph out: a row for each forward line, its new arguments beside it, and as few columns
 * as crossings allow.
 */
export function layOutGraph(derived: Derived): GraphLayout {
	const gradients = new Map(
		derived.backward.map(({ gradientOf, variable }) => [gradientOf, variable]),
	);
	const operands = derived.forward.map(({ expression }) => [...variablesIn(expression).keys()]);
	const columns = columnsOf(derived.forward, operands);
	const nodes = new Map<string, GraphNode>();
	const repeated: GraphNode[] = [];
	const forward: GraphEdge[] = [];
	const known = new Set([...derived.arguments, ...derived.constants].map(({ name }) => name));
	const result = derived.forward.at(-1)!.variable;
	let top = GAP / 2;
	for (const [row, { variable }] of derived.forward.entries()) {
		const given = operands[row]!.filter((name) => known.has(name));
		const height = Math.max(1, given.length) * SLOT + GAP;
		const line: GraphNode = {
			variable,
			role: "forward",
			isRepeated: false,
			x: (columns[row]! + 1.5) * COLUMN,
			y: top + height / 2,
			gradient: variable === result ? "" : (gradients.get(variable) ?? null),
		};
		for (const [i, name] of given.entries()) {
			const isRepeated = nodes.has(name);
			const argument: GraphNode = {
				variable: name,
				role: "argument",
				isRepeated,
				x: COLUMN / 2,
				y: top + GAP / 2 + (i + 0.5) * SLOT,
				gradient: isRepeated ? null : (gradients.get(name) ?? null),
			};
			if (isRepeated) repeated.push(argument);
			else nodes.set(name, argument);
			forward.push({ from: argument, to: line });
		}
		for (const name of operands[row]!) {
			const from = nodes.get(name);
			if (from?.role === "forward") forward.push({ from, to: line });
		}
		nodes.set(variable, line);
		top += height;
	}
	const backward = derived.backward.flatMap(({ gradientOf, reason }) => {
		const steps = reason.kind === "gradient" ? reason.steps : [];
		const through = new Set(steps.map(({ statement }) => statement.variable));
		const edges = [...through].flatMap((line) => edge(nodes, gradientOf ?? "", line));
		return edges.filter(({ from, to }) => from.gradient !== null && to.gradient !== null);
	});
	const side = (Math.max(...columns) + 2) * COLUMN;
	return {
		side,
		height: top + GAP / 2,
		nodes: [...repeated, ...nodes.values()],
		forward,
		backward,
	};
}

function edge(nodes: ReadonlyMap<string, GraphNode>, from: string, to: string): GraphEdge[] {
	const [a, b] = [nodes.get(from), nodes.get(to)];
	return a === undefined || b === undefined || a === b ? [] : [{ from: a, to: b }];
}

/**
 * A column for each line: that of an operand which is used for the last time, or the first that is
 * free.
 */
function columnsOf(lines: readonly Statement[], operands: readonly string[][]): number[] {
	const rowOf = new Map(lines.map(({ variable }, row) => [variable, row]));
	const lastUse = lines.map(({ variable }, row) =>
		Math.max(row, ...operands.flatMap((names, user) => (names.includes(variable) ? [user] : []))),
	);
	const columns: number[] = [];
	/** For each column, the row up to which it is taken. */
	const until: number[] = [];
	for (const [row, names] of operands.entries()) {
		const before = names.flatMap((name) => rowOf.get(name) ?? []);
		const own = before.map((at) => columns[at]!).find((column) => until[column]! <= row);
		let column = own ?? until.findIndex((end) => end < row);
		if (column < 0) column = until.length;
		until[column] = lastUse[row]!;
		columns.push(column);
	}
	return columns;
}
