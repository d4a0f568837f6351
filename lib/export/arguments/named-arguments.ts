import { GradientError, TraceError } from "../../core/error.ts";
import type { Tensor } from "../../core/tensor.ts";
import { isPlainObject } from "../../core/tree.ts";

/** Arguments by their names, in the order in which the function takes them. */
export type NamedArguments = Readonly<Record<string, unknown>>;

/** @throws TraceError for arguments that are not told by name */
export function checkedArguments(caller: string, args: NamedArguments): NamedArguments {
	if (isPlainObject(args)) return args;
	throw new TraceError(`${caller}: expected the arguments by name, as in { params, batch }`);
}

/**
 * @param option what the names of axes are called among the options
 * @param leaves the tensors of the arguments, by their places
 * @param fits whether a tensor of so many axes may have so many names
 * @throws GradientError for names of axes that fit no leaf
 */
export function checkAxisNames(
	caller: string,
	option: string,
	axes: Readonly<Record<string, readonly unknown[]>>,
	leaves: ReadonlyMap<string, Tensor>,
	fits: (rank: number, names: number) => boolean,
): void {
	for (const [place, names] of Object.entries(axes)) {
		const rank = leaves.get(place)?.rank;
		if (rank !== undefined && fits(rank, names.length)) continue;
		const all = [...leaves.keys()].join(", ");
		const got = rank === undefined ? `the leaves are ${all}` : `it has ${rank}`;
		throw new GradientError(
			`${caller}: ${option} names ${names.length} axes of ${place}, and ${got}`,
		);
	}
}
