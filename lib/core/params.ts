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
