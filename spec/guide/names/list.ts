/** The public names of a module of another library, and what we have for each. */
export interface Names {
	readonly module: string;
	/**
	 * Names that we have, with ours behind a colon where it is not the same in camelCase: a function
	 * of `adjoint`, `nn.…` or another entry, `.…` for a property of tensors. What is not exported yet
	 * counts as missing.
	 */
	readonly ours: string;
	/** Names that we do not have and might, by the reason. */
	readonly missing: Readonly<Record<string, string>>;
	/** Names that make no sense here, by the reason: they are not counted. */
	readonly apart: Readonly<Record<string, string>>;
}
