/** For examples `compile` is that of `first-call.ts`. */
export function resolve(specifier, context, next) {
	if (specifier !== "adjoint/compile" || !context.parentURL?.includes("/examples/")) {
		return next(specifier, context);
	}
	return { url: new URL("first-call.ts", import.meta.url).href, shortCircuit: true };
}
