/**
 * Parameters of an op, changed wherever `change` gives another value: in them, and in what is
 * nested in them.
 */
export function altered(params: unknown, change: (value: unknown) => unknown): unknown {
	const value = change(params);
	if (value !== params || value === null || typeof value !== "object") return value;
	if (Array.isArray(value)) return value.map((item) => altered(item, change));
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name, altered(item, change)]),
	);
}
