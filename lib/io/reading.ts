import * as kind from "../core/argument-kinds.ts";
import { AdjointError, FormatError } from "../core/error.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { reword } from "../core/reword.ts";
import type { Tensor } from "../core/tensor.ts";
import { shortJson } from "./json.ts";

/** Which of the tensors in a file are read, and what becomes of one that cannot be. */
export interface ReadOptions {
	/** The names of those to read; left out: all. */
	readonly names?: readonly string[];
	/**
	 * Called for each tensor that cannot be read, such as one of a dtype that has no place here: it
	 * is left out, and the others are read. Without it the first of them throws.
	 */
	readonly onUnreadable?: (name: string, error: AdjointError) => void;
}

/** What the options may be. */
export const READ_OPTIONS: OptionKinds<ReadOptions> = {
	names: kind.strings,
	onUnreadable: kind.callable,
};

/** The bytes of a file; those of another realm count too. */
export const bytesKind: kind.ArgumentKind = {
	expected: "a Uint8Array, which new Uint8Array(buffer) makes of an ArrayBuffer",
	holds: (x) => ArrayBuffer.isView(x) && "BYTES_PER_ELEMENT" in x && x.BYTES_PER_ELEMENT === 1,
};

/** So many names are listed where one is not found. */
const MOST_LISTED = 20;

/**
 * The tensors by name, in the order of the file.
 * @throws FormatError for a name that is not there
 * @throws what `read` throws, where there is no `onUnreadable`
 */
export function readEach<T extends { readonly name: string }>(
	op: string,
	entries: readonly T[],
	read: (entry: T) => Tensor,
	options: ReadOptions,
): Record<string, Tensor> {
	const { onUnreadable } = checkOptions(op, options, READ_OPTIONS);
	const wanted = wantedOf(op, entries, options);
	const tensors: [string, Tensor][] = [];
	for (const entry of entries) {
		if (wanted?.has(entry.name) === false) continue;
		try {
			tensors.push([entry.name, read(entry)]);
		} catch (error) {
			if (!(error instanceof AdjointError)) throw error;
			if (onUnreadable === undefined) {
				const way = "; the option onUnreadable leaves it out and reads the others";
				reword(error, error.message + way);
				throw error;
			}
			onUnreadable(entry.name, error);
		}
	}
	return Object.fromEntries(tensors);
}

/** The names that are asked for; null for all. */
function wantedOf(
	op: string,
	entries: readonly { readonly name: string }[],
	{ names }: ReadOptions,
): ReadonlySet<string> | null {
	if (names === undefined) return null;
	const known = new Set(entries.map(({ name }) => name));
	const missing = names.find((name) => !known.has(name));
	if (missing === undefined) return new Set(names);
	const listed = [...known].slice(0, MOST_LISTED).map(shortJson).join(", ");
	const more = known.size > MOST_LISTED ? ", …" : "";
	throw new FormatError(
		`${op}: no tensor is called ${shortJson(missing)}; there are ${listed || "none"}${more}`,
	);
}
