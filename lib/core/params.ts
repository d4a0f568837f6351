/**
 * Plain data, which is what an op takes besides tensors. Two values are the same if they are so by
 * their structure; a number is told from a string, 0 from −0, and a missing key or element from one
 * that is undefined. TypeScript takes no `interface` for it: write a `type`.
 */
export type Data =
	| null
	| undefined
	| boolean
	| number
	| bigint
	| string
	| readonly Data[]
	| { readonly [key: string]: Data };

/** Whether data are the same by structure; keys in another order are others. */
export function sameData(a: Data, b: Data): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const [these, those] = [Object.entries(a), Object.entries(b)];
	const isSame = ([key, value]: [string, Data], k: number) =>
		key === those[k]![0] && sameData(value, those[k]![1]);
	return these.length === those.length && these.every(isSame);
}
