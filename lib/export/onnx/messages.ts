import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

// The messages of ONNX that a model is made of, with the numbers that `onnx.proto` gives their
// fields; those that are never written are left out.

/** What a field holds: a number, a text, bytes, or another message. */
type Kind = "whole" | "float" | "text" | "bytes" | Fields;

/** The fields of a message by their names. */
interface Fields {
	readonly [name: string]: readonly [number: number, kind: Kind];
}

/** A message with the values of its fields; one of several values is a list. */
export interface Message {
	readonly [name: string]: Content | readonly Content[] | undefined;
}

type Content = number | string | Uint8Array | Message;

const ENTRY: Fields = { key: [1, "text"], value: [2, "text"] };

const TENSOR: Fields = {
	dims: [1, "whole"],
	dataType: [2, "whole"],
	name: [8, "text"],
	rawData: [9, "bytes"],
	externalData: [13, ENTRY],
	dataLocation: [14, "whole"],
};

const DIMENSION: Fields = { value: [1, "whole"], name: [2, "text"] };
const SHAPE: Fields = { dim: [1, DIMENSION] };
const TENSOR_TYPE: Fields = { element: [1, "whole"], shape: [2, SHAPE] };
const VALUE: Fields = { name: [1, "text"], type: [2, { tensor: [1, TENSOR_TYPE] }] };

const ATTRIBUTE: { -readonly [K in keyof Fields]: Fields[K] } = {
	name: [1, "text"],
	float: [2, "float"],
	whole: [3, "whole"],
	text: [4, "text"],
	floats: [7, "float"],
	wholes: [8, "whole"],
	type: [20, "whole"],
};

const NODE: Fields = {
	inputs: [1, "text"],
	outputs: [2, "text"],
	name: [3, "text"],
	op: [4, "text"],
	attributes: [5, ATTRIBUTE],
};

const GRAPH: Fields = {
	nodes: [1, NODE],
	name: [2, "text"],
	initializers: [5, TENSOR],
	inputs: [11, VALUE],
	outputs: [12, VALUE],
	values: [13, VALUE],
};
// A graph in an attribute is the body of a loop or a branch.
ATTRIBUTE.graph = [6, GRAPH];

const OPSET: Fields = { domain: [1, "text"], version: [2, "whole"] };

const MODEL: Fields = {
	irVersion: [1, "whole"],
	producer: [2, "text"],
	graph: [7, GRAPH],
	opsets: [8, OPSET],
};

/** The bytes of a model. */
export function encodeModel(model: Message): Uint8Array {
	return encoded(MODEL, model);
}

function encoded(fields: Fields, message: Message): Uint8Array {
	const writer = new BinaryWriter();
	for (const [name, content] of Object.entries(message)) {
		const [number, kind] = fields[name]!;
		const all = Array.isArray(content) ? content : content === undefined ? [] : [content];
		for (const one of all) write(writer, number, kind, one);
	}
	return writer.finish();
}

function write(writer: BinaryWriter, number: number, kind: Kind, content: Content): void {
	if (kind === "whole") writer.tag(number, WireType.Varint).int64(content as number);
	else if (kind === "float") writer.tag(number, WireType.Bit32).float(content as number);
	else {
		writer.tag(number, WireType.LengthDelimited);
		if (kind === "text") writer.string(content as string);
		else if (kind === "bytes") writer.bytes(content as Uint8Array);
		else writer.bytes(encoded(kind, content as Message));
	}
}
