// The entry `adjoint/export`: programs of other engines, written from ours.

export { type JaxOptions, toJax } from "./jax/to-jax.ts";
