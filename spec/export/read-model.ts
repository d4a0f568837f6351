import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** A message by the numbers of its fields, read without knowing what they are. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** What a model says, as far as the specs ask. */
export interface ReadModel {
	readonly opset: number;
	/** `double 64×10` by name. */
	readonly inputs: Readonly<Record<string, string>>;
	readonly outputs: Readonly<Record<string, string>>;
	/** Each node as `out = Op(in, in)`, those in graphs inside of it after it. */
	readonly nodes: readonly string[];
	readonly initializers: readonly string[];
}

const ELEMENTS: Readonly<Record<number, string>> = {
	...{ 1: "float32", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64" },
};

/** Reads what `toOnnx` wrote, by the numbers of fields in onnx.proto. */
export function readModel(bytes: Uint8Array): ReadModel {
	const model = fieldsOf(bytes);
	const graph = fieldsOf(first(model, 7));
	return {
		opset: number(fieldsOf(first(model, 8)), 2),
		inputs: values(graph, 11),
		outputs: values(graph, 12),
		nodes: nodesIn(graph),
		initializers: all(graph, 5).map((tensor) => text(first(fieldsOf(tensor), 8))),
	};
}

function nodesIn(graph: Fields): string[] {
	return all(graph, 1).flatMap((bytes) => {
		const node = fieldsOf(bytes);
		const [inputs, outputs] = [1, 2].map((field) => all(node, field).map(text).join(", "));
		const inner = all(node, 5).flatMap((attribute) => all(fieldsOf(attribute), 6));
		const own = `${outputs} = ${text(first(node, 4))}(${inputs})`;
		return [own, ...inner.flatMap((body) => nodesIn(fieldsOf(body)))];
	});
}

function values(graph: Fields, field: number): Record<string, string> {
	const entries = all(graph, field).map((bytes) => {
		const value = fieldsOf(bytes);
		const type = fieldsOf(first(fieldsOf(first(value, 2)), 1));
		const dims = all(fieldsOf(first(type, 2)), 1).map((dim) => {
			const fields = fieldsOf(dim);
			return fields.has(2) ? text(first(fields, 2)) : number(fields, 1);
		});
		return [text(first(value, 1)), `${ELEMENTS[number(type, 1)]} (${dims.join("×")})`];
	});
	return Object.fromEntries(entries);
}

function fieldsOf(bytes: Uint8Array): Fields {
	const reader = new BinaryReader(bytes);
	const fields = new Map<number, (number | Uint8Array)[]>();
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		const value =
			type === WireType.Varint
				? Number(reader.int64())
				: type === WireType.Bit32
					? reader.float()
					: reader.bytes();
		fields.set(field, [...(fields.get(field) ?? []), value]);
	}
	return fields;
}

function all(fields: Fields, field: number): Uint8Array[] {
	return (fields.get(field) ?? []) as Uint8Array[];
}

function first(fields: Fields, field: number): Uint8Array {
	return all(fields, field)[0] ?? new Uint8Array();
}

function number(fields: Fields, field: number): number {
	return (fields.get(field)?.[0] as number) ?? 0;
}

function text(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}
