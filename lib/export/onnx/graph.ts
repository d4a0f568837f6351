import type { Shape } from "../../core/shape.ts";
import { ELEMENTS, type Element } from "./element-types.ts";

/** A tensor in a graph: what goes in, is stored, or is made by a node. */
export interface GraphTensor {
	readonly element: Element;
	/** What it would best be called. */
	wish: string;
	/**
	 * The size of each axis, or its name where it is dynamic, of what goes in and comes out; null
	 * where it need not be said.
	 */
	shape: readonly (number | string)[] | null;
}

/** What a node is told beside its inputs. */
export type Attributes = Readonly<
	Record<
		string,
		number | string | Graph | { readonly list: readonly number[] } | { readonly real: number }
	>
>;

/** One operation of ONNX. */
export interface OnnxNode {
	readonly op: string;
	readonly inputs: readonly GraphTensor[];
	readonly outputs: readonly GraphTensor[];
	readonly attributes: Attributes;
}

/** A tensor whose elements stand in the model. */
export interface StoredTensor {
	readonly operand: GraphTensor;
	readonly shape: Shape;
	readonly values: ArrayLike<number>;
}

/** A list of numbers as an attribute. */
export function wholeNumbers(numbers: readonly number[]) {
	return { list: numbers };
}

/** A number that is no whole one as an attribute. */
export function realNumber(real: number) {
	return { real };
}

/** The tensors that are stored in a model; equal small ones are one. */
export class TensorStore {
	readonly all: StoredTensor[] = [];
	private readonly known = new Map<unknown, GraphTensor>();

	/** A number. */
	number(value: number, element: Element): GraphTensor {
		return this.values([value], [], element);
	}

	/** Whole numbers along one axis, as nodes are told shapes and axes. */
	wholes(values: readonly number[]): GraphTensor {
		return this.values(values, [values.length], "int64");
	}

	/** A tensor of few elements. */
	values(values: ArrayLike<number>, shape: Shape, element: Element): GraphTensor {
		const texts = Array.from(values, (x) => (Object.is(x, -0) ? "-0" : String(x)));
		const key = `${element} ${shape}: ${texts}`;
		const few = texts.length <= 4 ? texts.join("_") : `${texts.slice(0, 3).join("_")}_etc`;
		return this.tensor(key, values, shape, element, `${element}.${few}`);
	}

	/** A tensor; the one that is known by the same key, if there is one. */
	tensor(
		key: unknown,
		values: ArrayLike<number>,
		shape: Shape,
		element: Element,
		wish: string,
	): GraphTensor {
		let operand = this.known.get(key);
		if (operand === undefined) {
			operand = { element, wish, shape };
			this.known.set(key, operand);
			this.all.push({ operand, shape, values });
		}
		return operand;
	}

	/** Takes a tensor out, which is computed from now on. */
	remove(operand: GraphTensor): void {
		const at = this.all.findIndex((one) => one.operand === operand);
		this.all.splice(at, 1);
	}
}

/**
 * Nodes that compute results of inputs. The body of a loop or a branch is a graph inside of another
 * one and reads what is known there, too.
 */
export class Graph {
	readonly inputs: readonly GraphTensor[];
	readonly store: TensorStore;
	readonly nodes: OnnxNode[] = [];
	/** What is made of the inputs: each by a node of this graph, and no two by the same. */
	outputs: readonly GraphTensor[] = [];
	/** What the values are called that are being made. */
	stem = "";
	private readonly outer: Graph | null;
	private readonly isRepeated: boolean;
	private readonly known = new Map<string, readonly GraphTensor[]>();
	private readonly ids: Map<object, number>;
	private readonly makers = new Map<GraphTensor, OnnxNode>();

	constructor(inputs: readonly GraphTensor[], outer: Graph | TensorStore, isRepeated = false) {
		this.inputs = inputs;
		this.isRepeated = isRepeated;
		this.outer = outer instanceof Graph ? outer : null;
		this.store = outer instanceof Graph ? outer.store : outer;
		this.ids = outer instanceof Graph ? outer.ids : new Map();
	}

	/** A graph inside of this one; a repeated one is the body of a loop. */
	inner(inputs: readonly GraphTensor[], isRepeated = false): Graph {
		const inner = new Graph(inputs, this, isRepeated);
		inner.stem = this.stem;
		return inner;
	}

	/**
	 * What a node makes of its inputs; the same as another one where they do the same. What is the
	 * same in every round of a loop is made once, before it.
	 */
	node(
		op: string,
		inputs: readonly GraphTensor[],
		element: Element,
		attributes: Attributes = {},
	): GraphTensor {
		return this.several(op, inputs, [element], attributes)[0]!;
	}

	/** The same for a node with several results. */
	several(
		op: string,
		inputs: readonly GraphTensor[],
		elements: readonly Element[],
		attributes: Attributes = {},
	): readonly GraphTensor[] {
		const told = Object.entries(attributes).map(([name, value]) => [
			name,
			value instanceof Graph ? this.id(value) : value,
		]);
		const key = `${op} ${inputs.map((x) => this.id(x))} ${elements} ${JSON.stringify(told)}`;
		const known = this.find(key);
		if (known !== null) return known;
		const wish = `${this.stem}/${op}`;
		const outputs = elements.map((element): GraphTensor => ({ element, wish, shape: null }));
		const home = this.homeOf(inputs, attributes);
		home.add({ op, inputs, outputs, attributes });
		home.known.set(key, outputs);
		return outputs;
	}

	/** The graph for a node: outside of the loops that have no part in what it reads. */
	private homeOf(inputs: readonly GraphTensor[], attributes: Attributes): Graph {
		const isFixed = (x: GraphTensor) => !this.inputs.includes(x) && !this.makers.has(x);
		const isOutside = this.isRepeated && inputs.every(isFixed);
		if (!isOutside || Object.values(attributes).some((value) => value instanceof Graph))
			return this;
		return this.outer!.homeOf(inputs, attributes);
	}

	/** Adds a node as it is. */
	add(node: OnnxNode): void {
		this.nodes.push(node);
		for (const x of node.outputs) this.makers.set(x, node);
	}

	/** The node of this graph that makes an operand; undefined for any other operand. */
	makerOf(x: GraphTensor): OnnxNode | undefined {
		return this.makers.get(x);
	}

	/** Ends the graph: these come out of it. */
	end(results: readonly GraphTensor[], shapes: readonly Shape[]): void {
		this.outputs = results.map((x, i) => {
			const isOwn = this.makers.has(x) && results.indexOf(x) === i;
			const out = isOwn ? x : { element: x.element, wish: x.wish, shape: null };
			if (!isOwn) this.add({ op: "Identity", inputs: [x], outputs: [out], attributes: {} });
			out.shape = shapes[i]!;
			return out;
		});
	}

	private find(key: string): readonly GraphTensor[] | null {
		return this.known.get(key) ?? this.outer?.find(key) ?? null;
	}

	private id(of: object): number {
		const id = this.ids.get(of) ?? this.ids.size;
		this.ids.set(of, id);
		return id;
	}

	/** x in another type; itself where it is of that, or what it was before it was made wider. */
	cast(x: GraphTensor, element: Element): GraphTensor {
		if (x.element === element) return x;
		const maker = this.makerOf(x);
		const [before] = maker?.op === "Cast" ? maker.inputs : [];
		if (before?.element === element && holds(x.element, element)) return before;
		return this.node("Cast", [x], element, { to: ELEMENTS[element] });
	}

	/** x in another shape. */
	reshape(x: GraphTensor, shape: Shape): GraphTensor {
		return this.node("Reshape", [x, this.store.wholes(shape)], x.element, { allowzero: 1 });
	}

	/** x with its axes in another order. */
	transpose(x: GraphTensor, axes: readonly number[]): GraphTensor {
		if (axes.every((axis, i) => axis === i)) return x;
		return this.node("Transpose", [x], x.element, { perm: wholeNumbers(axes) });
	}

	/** x with new axes of size 1, at these places of the result. */
	unsqueeze(x: GraphTensor, axes: readonly number[]): GraphTensor {
		if (axes.length === 0) return x;
		return this.node("Unsqueeze", [x, this.store.wholes(axes)], x.element);
	}

	/** x stretched to a shape, as NumPy broadcasts. */
	expand(x: GraphTensor, shape: Shape): GraphTensor {
		return this.node("Expand", [x, this.store.wholes(shape)], x.element);
	}

	/** One of two tensors, element by element; of bools too, which ONNX Runtime does not choose. */
	where(test: GraphTensor, x: GraphTensor, y: GraphTensor): GraphTensor {
		if (x.element !== "bool") return this.node("Where", [test, x, y], x.element);
		const other = this.node("Not", [test], "bool");
		const both = [this.node("And", [test, x], "bool"), this.node("And", [other, y], "bool")];
		return this.node("Or", both, "bool");
	}
}

/** Whether a type holds all values of another one. */
function holds(wide: Element, narrow: Element): boolean {
	if (narrow === "bool") return true;
	if (wide === "float64") return narrow !== "int64";
	return wide === "float32" && narrow === "float16";
}
