import type { Tensor } from "../../core/tensor.ts";
import { type Flattened, isPlainObject } from "../../core/tree.ts";
import { leafName, type Names } from "../../derivation/draft/names.ts";

/** An argument: its name here, that of the parameter in Python, and its tensors. */
export interface NamedArgument {
	readonly key: string;
	readonly parameter: string;
	readonly tree: Flattened<unknown>;
}

/** What a leaf of the arguments is called. */
export interface NamedLeaf {
	readonly variable: string;
	/** Where it lies in its argument: `.layers[0].w`. */
	readonly place: string;
	readonly tensor: Tensor;
}

/** A variable for each leaf of the arguments, and the lines that take them out. */
export function unpacked(
	given: readonly NamedArgument[],
	names: Names,
): { readonly leaves: readonly NamedLeaf[]; readonly lines: readonly string[] } {
	const lines: string[] = [];
	const leaves = given.flatMap(({ key, parameter, tree }) =>
		tree.paths.map((place, i): NamedLeaf => {
			const tensor = tree.leaves[i]!;
			if (place === "") return { variable: parameter, place, tensor };
			const variable = names.claim(leafName(key, place));
			const type = `${tensor.dtype} (${tensor.shape.join(", ")})`;
			lines.push(`${variable} = ${parameter}${subscripts(place)}  # ${type}`);
			return { variable, place, tensor };
		}),
	);
	return { leaves, lines };
}

/** `.layers[0].w` as Python takes it: `["layers"][0]["w"]`. */
function subscripts(path: string): string {
	return path.replace(/\.([^.[\]]+)/g, (_, key: string) => `[${JSON.stringify(key)}]`);
}

/** The type in Python of a tree of arrays; what is not of one type throughout has `Any` in it. */
export function typeText({ leaves, rebuild }: Flattened<unknown>): string {
	return typeOf(rebuild(leaves.map(() => ARRAY)));
}

/** The type of what a function returns: an array is a tuple. */
export function resultTypeText({ leaves, rebuild }: Flattened<unknown>): string {
	const result = rebuild<unknown>(leaves.map(() => ARRAY));
	if (!Array.isArray(result)) return typeOf(result);
	const types = result.map(typeOf);
	const [type, ...others] = new Set(types);
	if (types.length > MOST_TYPES && others.length === 0) return `tuple[${type}, ...]`;
	return `tuple[${types.join(", ") || "()"}]`;
}

/** Of more results that are all of one type that type is said once. */
const MOST_TYPES = 4;

const ARRAY = Symbol("array");

function typeOf(tree: unknown): string {
	if (tree === ARRAY) return "jax.Array";
	if (Array.isArray(tree)) return `list[${typeOfAll(tree)}]`;
	return isPlainObject(tree) ? `dict[str, ${typeOfAll(Object.values(tree))}]` : "None";
}

function typeOfAll(trees: readonly unknown[]): string {
	const [type = "Any", ...others] = new Set(trees.map(typeOf));
	return others.length === 0 ? type : "Any";
}
