export * from "./autodiff/transforms.ts";
export * from "./create.ts";
export * from "./dtype.ts";
export * from "./error.ts";
export * from "./ops/index.ts";
export type * from "./tensor.ts";
export { Tensor } from "./tensor.ts";
