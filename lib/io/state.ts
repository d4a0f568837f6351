import { calledAs } from "../core/called-as.ts";
import { type AdjointError, FormatError } from "../core/error.ts";
import { Tensor } from "../core/tensor.ts";
import { checkDepth, DEEPEST, isPlainObject } from "../core/tree.ts";
import { parseJson } from "./json.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/**
 * What can be saved: tensors, numbers, strings, booleans, null and undefined in nested plain
 * objects and arrays.
 */
export type Saveable =
	| Tensor
	| number
	| string
	| boolean
	| null
	| undefined
	| readonly Saveable[]
	| { readonly [key: string]: Saveable };

/** The key in a file's metadata under which the structure around its tensors stands. */
const STRUCTURE = "adjoint";

/** As many brackets as a tree takes, with the three around each of its objects. */
const DEEPEST_STRUCTURE = 3 * (DEEPEST + 1);
/** An empty array in an array takes 13 characters for two brackets. */
const SPREAD = 4;

/**
 * A structure in JSON: everything but a tensor is wrapped, so that nothing that is saved can be
 * mistaken for it.
 */
type Encoded =
	| { readonly tensor: string }
	| { readonly value: unknown }
	| { readonly undefined: true }
	| { readonly number: string }
	| { readonly array: readonly Encoded[] }
	| { readonly object: readonly (readonly [key: string, value: Encoded])[] };

/**
 * The bytes of a safetensors file that holds everything in a nested structure: parameters, an
 * optimiser's state, the number of a step. Tensors are named by their path, as `layers.0.w`.
 * @throws FormatError for anything that cannot be saved, and for two tensors of the same name,
 * naming the path
 */
export function encodeState(state: unknown): Uint8Array {
	const tensors = new Map<string, Tensor>();
	const encode = (node: unknown, path: readonly string[], isThere = true): Encoded => {
		const name = path.join(".");
		checkDepth("encodeState", name, path.length, FormatError);
		if (node instanceof Tensor) {
			if (tensors.has(name)) {
				throw new FormatError(`encodeState: two tensors are called ${name}; use keys without dots`);
			}
			tensors.set(name, node);
			return { tensor: name };
		}
		if (Array.isArray(node)) {
			return { array: Array.from(node, (item, i) => encode(item, [...path, `${i}`], i in node)) };
		}
		if (isPlainObject(node)) {
			const entries = Object.entries(node);
			return { object: entries.map(([key, item]) => [key, encode(item, [...path, key])]) };
		}
		// JSON has no NaN, no infinities and no -0.
		if (typeof node === "number") return { number: Object.is(node, -0) ? "-0" : String(node) };
		if (isPlain(node)) return { value: node };
		if (node === undefined && path.length > 0 && isThere) return { undefined: true };
		throw new FormatError(
			"encodeState: expected tensors, numbers, strings, booleans, null and undefined in plain objects and arrays, " +
				`got ${isThere ? describe(node) : "a gap"} at ${name || "the top"}`,
		);
	};
	const structure = encode(state, []);
	return encodeSafetensors(Object.fromEntries(tensors), { [STRUCTURE]: JSON.stringify(structure) });
}

function isPlain(x: unknown): x is string | boolean | null {
	return x === null || typeof x === "string" || typeof x === "boolean";
}

function describe(x: unknown): string {
	return typeof x === "object" && x !== null ? `a ${x.constructor.name}` : String(x);
}

/**
 * What `encodeState` was given, with the same structure and bits.
 * @throws FormatError when the bytes are damaged, or no structure was saved with the tensors
 * (`decodeSafetensors` reads such a file)
 */
export function decodeState(bytes: Uint8Array): Saveable {
	const onUnreadable = (_: string, error: AdjointError) => {
		throw error;
	};
	const { tensors, metadata } = calledAs("decodeState", () =>
		decodeSafetensors(bytes, { onUnreadable }),
	);
	const text = metadata[STRUCTURE];
	if (text === undefined) {
		throw new FormatError(
			"decodeState: the file holds tensors without a structure around them; read it with decodeSafetensors or readSafetensors",
		);
	}
	try {
		return decode(parseJson(text, DEEPEST_STRUCTURE, SPREAD) as Encoded, tensors);
	} catch {
		throw new FormatError("decodeState: the structure that was saved is damaged");
	}
}

/** Throws where the structure is not as `encode` made it. */
function decode(node: Encoded, tensors: Readonly<Record<string, Tensor>>): Saveable {
	if ("array" in node) return node.array.map((item) => decode(item, tensors));
	if ("object" in node) {
		return Object.fromEntries(node.object.map(([key, item]) => [key, decode(item, tensors)]));
	}
	if ("number" in node) return Number(node.number);
	if ("undefined" in node) return undefined;
	if ("value" in node && isPlain(node.value)) return node.value;
	if ("tensor" in node && Object.hasOwn(tensors, node.tensor)) return tensors[node.tensor]!;
	throw new FormatError("decodeState: unknown");
}
