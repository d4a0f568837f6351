// The entry `adjoint/export`: programs of other engines, written from ours.

export type { NamedArguments } from "./arguments/named-arguments.ts";
export { type JaxPackageOptions, jaxPackage } from "./jax/jax-package.ts";
export { type JaxOptions, toJax } from "./jax/to-jax.ts";
export {
	type CostOn,
	TrainingCost,
	type TrainingCostOptions,
	trainingCost,
} from "./training-cost.ts";
