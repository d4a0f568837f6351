export { type ChoiceOptions, choice } from "./choice.ts";
export {
	type NormalOptions,
	normal,
	truncatedNormal,
	type UniformOptions,
	uniform,
} from "./continuous.ts";
export { binomial, poisson } from "./counts.ts";
export * from "./discrete.ts";
export { beta, gamma, logGamma } from "./gamma.ts";
export * from "./keys.ts";
export {
	type DTypeOptions,
	exponential,
	gumbel,
	laplace,
	multivariateNormal,
} from "./transformed.ts";
