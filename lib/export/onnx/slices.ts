import { type Shape, sizeOf } from "../../core/shape.ts";
import type { Reducer } from "../../scalar/reducers.ts";
import type { Leaf, Reducing, SliceForm } from "../../scalar/slices.ts";
import { type FloatElement, isFloatElement, widerThan } from "./element-types.ts";
import { FormulaEmitter } from "./formulas.ts";
import type { Graph, GraphTensor } from "./graph.ts";
import { showsNan } from "./shown-nan.ts";
import type { NodeForm } from "./site.ts";

// Reductions and normalizations: the passes over slices are reductions of ONNX, between formulas.

/** What an op computes of slices of its operands. */
export const sliceNodes: NodeForm = ({ graph, step, operands, element, floats }) => {
	const { op, inputs, params, type } = step;
	const form = op.slices!.form();
	const shapes = inputs.map((x) => x.type.shape);
	const axes = op.slices!.axes(shapes, params);
	const [shape] = shapes as [Shape];
	const isDropped = type.shape.length < shape.length;
	const keeps = !isDropped || !isOneReduction(form);
	const numbers = op.slices!.numbers?.(params) ?? [];
	const writer = new SliceWriter(graph, { form, shape, axes, keeps, operands, numbers, floats });
	const value = graph.cast(writer.value(), element);
	if (!isDropped || !keeps) return value;
	return graph.node("Squeeze", [value, graph.store.wholes(axes)], value.element);
};

/** Whether nothing comes between the elements and the result but reductions in one pass. */
function isOneReduction({ passes, perElement }: SliceForm): boolean {
	return !perElement && passes.length === 1 && passes[0]!.results.every(({ by }) => by in NODES);
}

/** Slices, and what is to be done with them. */
interface Slices {
	readonly form: SliceForm;
	/** The shape that they are cut from, and the axes along which their elements lie. */
	readonly shape: Shape;
	readonly axes: readonly number[];
	/** Whether results keep these axes, with size 1. */
	readonly keeps: boolean;
	readonly operands: readonly GraphTensor[];
	readonly numbers: readonly number[];
	/** The type in which it is computed. */
	readonly floats: FloatElement;
}

/** The nodes that reduce. */
const NODES: Readonly<Partial<Record<Reducer | "value", string>>> = {
	total: "ReduceSum",
	product: "ReduceProd",
	greatest: "ReduceMax",
	least: "ReduceMin",
	every: "ReduceMin",
	some: "ReduceMax",
	find: "ReduceMin",
};

class SliceWriter {
	private readonly graph: Graph;
	private readonly slices: Slices;
	private readonly writer: FormulaEmitter;
	private readonly results: GraphTensor[] = [];

	constructor(graph: Graph, slices: Slices) {
		this.graph = graph;
		this.slices = slices;
		this.writer = new FormulaEmitter(graph, slices.floats, (i) =>
			this.leaf(slices.form.leaves[i]!),
		);
	}

	value(): GraphTensor {
		const { passes, value } = this.slices.form;
		for (const { results } of passes) {
			this.results.push(...results.map((one) => this.result(one)));
		}
		return this.writer.write(value);
	}

	private leaf({ kind, index }: Leaf): GraphTensor {
		const { operands, numbers, floats } = this.slices;
		const { store } = this.graph;
		switch (kind) {
			case "element":
				return this.graph.cast(operands[index]!, floats);
			case "double":
				return this.graph.cast(operands[index]!, this.wide);
			case "result":
				return this.results[index]!;
			case "number":
				return store.number(numbers[index]!, floats);
			case "n":
				return store.number(this.size, this.wide);
			case "position":
				return this.positions();
		}
	}

	/** A type that holds positions and counts. */
	private get wide(): FloatElement {
		return this.slices.floats === "float64" ? "float64" : widerThan(this.slices.floats);
	}

	private get size(): number {
		return sizeOf(this.slices.axes.map((axis) => this.slices.shape[axis]!));
	}

	private positions(): GraphTensor {
		const shape = this.slices.shape.map((n, axis) => (this.slices.axes.includes(axis) ? n : 1));
		const values = Array.from({ length: this.size }, (_, i) => i);
		return this.graph.store.values(values, shape, this.wide);
	}

	private result({ by, of }: Reducing): GraphTensor {
		const { graph, wide } = this;
		const x = this.writer.write(of);
		switch (by) {
			case "value":
				return x;
			case "first":
				return this.first(x);
			case "find": {
				const none = graph.store.number(this.size, wide);
				return this.reduced("ReduceMin", graph.where(x, this.positions(), none));
			}
			case "greatest":
			case "least": {
				const most = this.reduced(NODES[by]!, x);
				if (most === x || showsNan(this.slices.form)) return most;
				// ONNX Runtime skips NaN there.
				const isNan = graph.cast(graph.node("IsNaN", [x], "bool"), "int32");
				const some = graph.cast(this.reduced("ReduceMax", isNan), "bool");
				const nan = graph.store.number(Number.NaN, x.element);
				return graph.where(some, nan, most);
			}
			default: {
				const isTruth = !isFloatElement(x.element);
				return this.reduced(NODES[by]!, isTruth ? graph.cast(x, wide) : x);
			}
		}
	}

	private reduced(op: string, x: GraphTensor): GraphTensor {
		const { shape, axes, keeps } = this.slices;
		// Without axes the node would reduce over all of them.
		if (axes.length === 0) return x;
		const isOfRows = shape.length === 2 && shape[1] !== 1 && axes.length === 1 && axes[0] === 0;
		if (op === "ReduceSum" && isOfRows) return this.sumOfRows(x);
		const attributes = { keepdims: keeps ? 1 : 0 };
		return this.graph.node(op, [x, this.graph.store.wholes(axes)], x.element, attributes);
	}

	/**
	 * The sum of the rows of a matrix, as a product: ONNX Runtime's `ReduceSum` takes several times
	 * as long.
	 */
	private sumOfRows(x: GraphTensor): GraphTensor {
		const { graph } = this;
		const { shape, keeps } = this.slices;
		const ones = graph.expand(graph.store.number(1, x.element), [1, shape[0]!]);
		const sum = graph.node("Gemm", [ones, x], x.element);
		return keeps ? sum : graph.node("Squeeze", [sum, graph.store.wholes([0])], x.element);
	}

	/** The first element of each slice. */
	private first(x: GraphTensor): GraphTensor {
		const { axes } = this.slices;
		const all = (n: number) => this.graph.store.wholes(axes.map(() => n));
		const inputs = [x, all(0), all(1), this.graph.store.wholes(axes)];
		return axes.length === 0 ? x : this.graph.node("Slice", inputs, x.element);
	}
}
