/**
 * The names of a function's parameters, read off its text; null where one of them is no plain name,
 * such as `{ w, b }` or `x = 1`.
 */
export function parameterNames(f: (...args: never[]) => unknown): readonly string[] | null {
	const text = String(f);
	const list =
		/^(?:async\s+)?(?:function\b[^(]*|[\w$]+\s*)?\(([^)]*)\)/.exec(text)?.[1] ??
		/^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text)?.[1];
	const names = list?.split(",").map((name) => name.trim()) ?? [];
	if (names.at(-1) === "") names.pop();
	return names.every((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) ? names : null;
}
