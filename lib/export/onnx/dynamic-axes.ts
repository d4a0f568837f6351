import { TraceError } from "../../core/error.ts";
import { readSize, type Size, type SizeFactor } from "../../program/sizes.ts";
import { Graph, type GraphTensor, type OnnxNode, type StoredTensor } from "./graph.ts";

// Sizes that are known when a model runs: the function is written at several sizes, and what
// differs among the graphs is computed in one of them from the shapes of its inputs.

/** The sizes of named axes at which a function was written. */
export type NamedSizes = ReadonlyMap<string, number>;

/** A graph, and the sizes at which it is that. */
export interface GraphAtSizes {
	readonly graph: Graph;
	readonly sizes: NamedSizes;
}

/** Where the size of a named axis is found. */
export interface SizePlace {
	readonly input: number;
	readonly axis: number;
}

/** How far numbers that are made of sizes may be off, relative to themselves. */
const ROUNDING = { float64: 1e-13, other: 1e-6 };

/** A function as graphs at several sizes; tuned ones have nodes that follow from sizes, too. */
export type WrittenAtSizes = (isTuned: boolean) => readonly GraphAtSizes[];

/**
 * The first graph, for all sizes: what differs in the others is computed.
 * @throws TraceError where that cannot be read off
 */
export function withDynamicAxes(
	caller: string,
	written: WrittenAtSizes,
	places: ReadonlyMap<string, SizePlace>,
): Graph {
	const found = alike(written(true)) ?? alike(written(false));
	if (found === null) throw refusal(caller, places, "does something else");
	const { all, pairs } = found;
	const graphs = all.map(({ graph }) => graph);
	const [graph] = graphs as [Graph];
	// What computes sizes comes before what uses them.
	const before = new Graph(graph.inputs, graph.store);
	const reader = new SizeReader(
		caller,
		before,
		all.map(({ sizes }) => sizes),
		places,
	);
	const stored = graphs.map(({ store }) => new Map(store.all.map((one) => [one.operand, one])));
	for (const [first, others] of pairs) {
		const tensors = others.map((x, i) => stored[i]!.get(x));
		if (tensors.every((one) => one !== undefined)) reader.define(tensors);
		if (first.shape !== null) {
			first.shape = first.shape.map((_, axis) => {
				return reader.named(others.map((x) => x.shape![axis] as number));
			});
		}
	}
	graph.nodes.unshift(...before.nodes);
	return graph;
}

/** Tensors of a first graph with those that stand there in all. */
type Pairs = Map<GraphTensor, readonly GraphTensor[]>;

/** Graphs with what is the same tensor in them; null where they have other nodes. */
function alike(
	all: readonly GraphAtSizes[],
): { all: readonly GraphAtSizes[]; pairs: Pairs } | null {
	const pairs: Pairs = new Map();
	const graphs = all.map(({ graph }) => graph);
	return isAlike(graphs, pairs) ? { all, pairs } : null;
}

/** Whether graphs have the same nodes; `pairs` takes the tensors of the first with all of them. */
function isAlike(graphs: readonly Graph[], pairs: Pairs): boolean {
	const [first] = graphs as [Graph];
	const isPair = (all: readonly (readonly GraphTensor[])[]): boolean =>
		all.every(({ length }) => length === all[0]!.length) &&
		all[0]!.every((x, i) => {
			const here = all.map((list) => list[i]!);
			const known = pairs.get(x) ?? here;
			pairs.set(x, known);
			return known.every((one, k) => one === here[k]);
		});
	const isSame = (nodes: readonly OnnxNode[]): boolean => {
		const [node] = nodes as [OnnxNode];
		if (nodes.some(({ op }) => op !== node.op)) return false;
		const areAttributes = Object.entries(node.attributes).every(([name, value]) => {
			const all = nodes.map((one) => one.attributes[name]);
			if (value instanceof Graph) return isAlike(all as Graph[], pairs);
			return all.every((one) => JSON.stringify(one) === JSON.stringify(value));
		});
		return (
			areAttributes &&
			isPair(nodes.map(({ inputs }) => inputs)) &&
			isPair(nodes.map(({ outputs }) => outputs))
		);
	};
	return (
		isPair(graphs.map(({ inputs }) => inputs)) &&
		graphs.every(({ nodes }) => nodes.length === first.nodes.length) &&
		first.nodes.every((_, i) => isSame(graphs.map(({ nodes }) => nodes[i]!))) &&
		isPair(graphs.map(({ outputs }) => outputs))
	);
}

function refusal(caller: string, places: ReadonlyMap<string, SizePlace>, what: string): TraceError {
	const names = [...places.keys()].join(", ");
	return new TraceError(
		`${caller}: the function ${what} at other sizes of ${names}, which cannot be read off; ` +
			"export it at fixed sizes, without dynamicAxes",
	);
}

/** Writes what follows sizes as nodes. */
class SizeReader {
	private readonly caller: string;
	private readonly graph: Graph;
	private readonly points: readonly NamedSizes[];
	private readonly places: ReadonlyMap<string, SizePlace>;

	constructor(
		caller: string,
		graph: Graph,
		points: readonly NamedSizes[],
		places: ReadonlyMap<string, SizePlace>,
	) {
		this.caller = caller;
		this.graph = graph;
		this.points = points;
		this.places = places;
	}

	refusal(what: string): TraceError {
		return refusal(this.caller, this.places, what);
	}

	/** The name of a size that follows others; the number of one that does not. */
	named(sizes: readonly number[]): number | string {
		const [first] = sizes as [number];
		if (sizes.every((size) => size === first)) return first;
		const size = readSize(sizes, this.points, 0);
		if (size === null) throw this.refusal("gives tensors of other sizes");
		return textOf(size);
	}

	/** Makes a tensor that differs among the graphs the result of nodes. */
	define(tensors: readonly StoredTensor[]): void {
		const [first] = tensors as [StoredTensor];
		const isOne = tensors.every(({ shape, values }) => {
			return `${shape}` === `${first.shape}` && isEqual(values, first.values);
		});
		if (isOne) return;
		const { graph } = this;
		graph.stem = "size";
		const isCount = tensors.every(({ values }) => isCounted(values));
		const made = isCount ? this.counted(tensors) : this.each(tensors);
		const element = first.operand.element;
		const sizes = first.shape.map((_, axis) => tensors.map((one) => one.shape[axis]!));
		const target = sizes.length === 0 ? graph.store.wholes([]) : this.vector(sizes);
		const inputs = [graph.cast(made, element), target];
		graph.store.remove(first.operand);
		first.operand.wish = "sizes";
		graph.add({ op: "Reshape", inputs, outputs: [first.operand], attributes: { allowzero: 1 } });
	}

	/** 0, 1, …, as many as there are. */
	private counted(tensors: readonly StoredTensor[]): GraphTensor {
		const { graph } = this;
		const end = graph.reshape(this.number(tensors.map(({ values }) => values.length)), []);
		const [start, step] = [0, 1].map((n) => graph.store.number(n, "int64"));
		return graph.node("Range", [start!, end, step!], "int64");
	}

	/** Each element by itself. */
	private each(tensors: readonly StoredTensor[]): GraphTensor {
		const [{ values, operand }] = tensors as [StoredTensor];
		if (tensors.some((one) => one.values.length !== values.length)) {
			throw this.refusal("uses a tensor of other elements");
		}
		const all = Array.from(values, (_, i) => tensors.map((one) => one.values[i]!));
		return operand.element === "int64"
			? this.vector(all)
			: this.concat(all.map((numbers) => this.fraction(numbers, operand.element)));
	}

	private vector(all: readonly (readonly number[])[]): GraphTensor {
		return this.concat(all.map((numbers) => this.number(numbers)));
	}

	private concat(parts: readonly GraphTensor[]): GraphTensor {
		const [first] = parts as [GraphTensor];
		if (parts.length === 1) return first;
		return this.graph.node("Concat", parts, first.element, { axis: 0 });
	}

	/** A whole number, along one axis. */
	private number(numbers: readonly number[]): GraphTensor {
		const [first] = numbers as [number];
		if (numbers.every((x) => x === first)) return this.graph.store.wholes([first]);
		const size = readSize(numbers, this.points, 0);
		const isWhole = size?.factors.every(({ power }) => power === 1 || power === 2);
		if (size === null) throw this.refusal("uses other numbers");
		if (!isWhole || !Number.isInteger(size.coefficient)) {
			const rounded = this.graph.node("Round", [this.product(size)], "float64");
			return this.graph.cast(rounded, "int64");
		}
		const { store } = this.graph;
		const factors = size.factors.flatMap((factor) => {
			const base = this.base(factor);
			return factor.power === 2 ? [base, base] : [base];
		});
		const all = size.coefficient === 1 ? factors : [store.wholes([size.coefficient]), ...factors];
		return all.reduce((x, y) => this.graph.node("Mul", [x, y], "int64"));
	}

	/** A number that is no whole one, along one axis. */
	private fraction(numbers: readonly number[], element: GraphTensor["element"]): GraphTensor {
		const [first] = numbers as [number];
		if (numbers.every((x) => Object.is(x, first))) {
			return this.graph.store.values([first], [1], "float64");
		}
		const rounding = element === "float64" ? ROUNDING.float64 : ROUNDING.other;
		const size = readSize(numbers, this.points, rounding);
		if (size === null) throw this.refusal("uses other numbers");
		return this.product(size);
	}

	/** A product of powers of sizes, in float64. */
	private product({ coefficient, factors }: Size): GraphTensor {
		const { graph } = this;
		const start = graph.store.values([coefficient], [1], "float64");
		return factors.reduce((product, factor) => {
			const base = graph.cast(this.base(factor), "float64");
			if (factor.power === -1) return graph.node("Div", [product, base], "float64");
			const power = graph.store.number(factor.power, "float64");
			const raised = factor.power === 1 ? base : graph.node("Pow", [base, power], "float64");
			return graph.node("Mul", [product, raised], "float64");
		}, start);
	}

	/** What is raised to a power: a size, with another one and an offset added. */
	private base({ label, second, offset }: SizeFactor): GraphTensor {
		const { graph } = this;
		let sum = this.size(label);
		if (second !== undefined) {
			const op = second.sign > 0 ? "Add" : "Sub";
			sum = graph.node(op, [sum, this.size(second.label)], "int64");
		}
		if (offset === 0) return sum;
		return graph.node("Add", [sum, graph.store.wholes([offset])], "int64");
	}

	private size(label: string): GraphTensor {
		const { input, axis } = this.places.get(label)!;
		const x = this.graph.inputs[input]!;
		return this.graph.node("Shape", [x], "int64", { start: axis, end: axis + 1 });
	}
}

/** Whether values are 0, 1, …. */
function isCounted(values: ArrayLike<number>): boolean {
	return values.length > 1 && Array.from(values).every((x, i) => x === i);
}

function isEqual(x: ArrayLike<number>, y: ArrayLike<number>): boolean {
	return x.length === y.length && Array.from(x).every((value, i) => Object.is(value, y[i]));
}

/** `2*batch` */
function textOf({ coefficient, factors }: Size): string {
	const signed = (n: number) => (n < 0 ? `${n}` : `+${n}`);
	const texts = factors.map(({ label, second, offset, power }) => {
		const more = second === undefined ? "" : `${second.sign > 0 ? "+" : "-"}${second.label}`;
		const text = `${label}${more}${offset === 0 ? "" : signed(offset)}`;
		return `${text === label ? label : `(${text})`}${power === 1 ? "" : `^${power}`}`;
	});
	return [...(coefficient === 1 ? [] : [String(coefficient)]), ...texts].join("*");
}
