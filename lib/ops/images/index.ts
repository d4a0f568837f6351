export * from "./adaptive-pooling.ts";
export * from "./blocks.ts";
export * from "./convolution-3d.ts";
export type { AveragePoolOptions, PoolOptions } from "./pooled.ts";
export * from "./pooling.ts";
export * from "./pooling-3d.ts";
export * from "./pooling-indices.ts";
export * from "./resize.ts";
export type { Triple } from "./triple.ts";
