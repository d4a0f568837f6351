import { ELEMENTS, elementBytes } from "./element-types.ts";
import {
	type Attributes,
	Graph,
	type GraphTensor,
	type OnnxNode,
	type StoredTensor,
} from "./graph.ts";
import { encodeModel, type Message } from "./messages.ts";

/** What is said of a model beside its graph. */
export interface ModelFacts {
	readonly name: string;
	readonly opset: number;
	/** The file that large tensors are written to, beside the model; null: they are in it. */
	readonly dataFile: string | null;
}

/** The bytes of a model, and of the file beside it. */
export interface ModelFiles {
	readonly model: Uint8Array;
	readonly data: Uint8Array;
}

/** Tensors of fewer bytes are in the model in any case. */
const LEAST_BESIDE = 1024;
/** Where a tensor may begin in the file beside the model. */
const ALIGNMENT = 64;

/** The version of the format: the first of those that have all that is written. */
const IR_VERSION = 8;
/** Where a tensor is that is not in the model. */
const EXTERNAL = 1;
/** The kinds of attributes, with their numbers in ONNX. */
const KINDS = { float: 1, whole: 2, text: 3, graph: 5, wholes: 7 } as const;

/** The files of a model. */
export function modelOf(graph: Graph, { name, opset, dataFile }: ModelFacts): ModelFiles {
	const names = new GivenNames();
	for (const x of [...graph.inputs, ...graph.outputs]) names.of(x);
	const nodes = neededNodes(graph);
	const read = new Set(readBy(nodes).concat(graph.outputs));
	const stored = graph.store.all.filter(({ operand }) => read.has(operand));
	const beside = new DataFile(dataFile);
	const initializers = stored.map((one) => tensorMessage(one, names, beside));
	const model = encodeModel({
		irVersion: IR_VERSION,
		producer: "adjoint",
		graph: {
			...graphMessage(graph, nodes, name, names),
			initializers,
		},
		opsets: [{ domain: "", version: opset }],
	});
	return { model, data: beside.bytes() };
}

/** Tensors one after the other in a file beside the model. */
class DataFile {
	readonly name: string | null;
	private readonly parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
	private end = 0;

	constructor(name: string | null) {
		this.name = name;
	}

	/** Where the bytes of a tensor are, as its message says it. */
	place(bytes: Uint8Array): Message {
		if (this.name === null || bytes.length < LEAST_BESIDE) return { rawData: bytes };
		const at = Math.ceil(this.end / ALIGNMENT) * ALIGNMENT;
		this.parts.push({ at, bytes });
		this.end = at + bytes.length;
		const entries = { location: this.name, offset: at, length: bytes.length };
		const said = Object.entries(entries).map(([key, value]) => ({ key, value: String(value) }));
		return { externalData: said, dataLocation: EXTERNAL };
	}

	bytes(): Uint8Array {
		const all = new Uint8Array(this.end);
		for (const { at, bytes } of this.parts) all.set(bytes, at);
		return all;
	}
}

/** The name of each operand, of which no two have the same. */
class GivenNames {
	private readonly given = new Map<GraphTensor, string>();
	private readonly taken = new Set<string>();
	private readonly counts = new Map<string, number>();

	of(x: GraphTensor): string {
		const known = this.given.get(x);
		if (known !== undefined) return known;
		const name = this.free(x.wish);
		this.given.set(x, name);
		return name;
	}

	/** The wish, or with a number where that is taken. */
	free(wish: string): string {
		let count = this.counts.get(wish) ?? 1;
		let name = wish;
		while (this.taken.has(name)) name = `${wish}_${++count}`;
		this.counts.set(wish, count);
		this.taken.add(name);
		return name;
	}
}

function graphMessage(
	graph: Graph,
	nodes: readonly OnnxNode[],
	name: string,
	names: GivenNames,
): Message {
	return {
		nodes: nodes.map((node) => nodeMessage(node, names)),
		name,
		inputs: graph.inputs.map((x) => valueMessage(x, names)),
		outputs: graph.outputs.map((x) => valueMessage(x, names)),
	};
}

function nodeMessage({ op, inputs, outputs, attributes }: OnnxNode, names: GivenNames): Message {
	const results = outputs.map((x) => names.of(x));
	return {
		inputs: inputs.map((x) => names.of(x)),
		outputs: results,
		name: results[0]!,
		op,
		attributes: Object.entries(attributes).map(([name, value]) => {
			return { name, ...attributeMessage(value, `${results[0]}.${name}`, names) };
		}),
	};
}

function attributeMessage(value: Attributes[string], name: string, names: GivenNames): Message {
	if (typeof value === "number") return { whole: value, type: KINDS.whole };
	if (typeof value === "string") return { text: value, type: KINDS.text };
	if (value instanceof Graph) {
		return { graph: graphMessage(value, neededNodes(value), name, names), type: KINDS.graph };
	}
	if ("real" in value) return { float: value.real, type: KINDS.float };
	return { wholes: value.list, type: KINDS.wholes };
}

function valueMessage(x: GraphTensor, names: GivenNames): Message {
	const shape = x.shape === null ? undefined : shapeMessage(x.shape);
	return { name: names.of(x), type: { tensor: { element: ELEMENTS[x.element], shape } } };
}

function shapeMessage(shape: readonly (number | string)[]): Message {
	return {
		dim: shape.map((size) => (typeof size === "string" ? { name: size } : { value: size })),
	};
}

function tensorMessage(
	{ operand, shape, values }: StoredTensor,
	names: GivenNames,
	beside: DataFile,
): Message {
	return {
		dims: shape,
		dataType: ELEMENTS[operand.element],
		name: names.of(operand),
		...beside.place(elementBytes(values, operand.element)),
	};
}

/** The nodes of which results are made, in order. */
function neededNodes(graph: Graph): OnnxNode[] {
	const needed = new Set<GraphTensor>(graph.outputs);
	return graph.nodes
		.toReversed()
		.filter((node) => {
			if (!node.outputs.some((x) => needed.has(x))) return false;
			for (const x of readBy([node])) needed.add(x);
			return true;
		})
		.reverse();
}

/** What nodes read, those in graphs inside of them included. */
function readBy(nodes: readonly OnnxNode[]): GraphTensor[] {
	return nodes.flatMap(({ inputs, attributes }) => [
		...inputs,
		...Object.values(attributes).flatMap((value) =>
			value instanceof Graph ? [...readBy(neededNodes(value)), ...value.outputs] : [],
		),
	]);
}
