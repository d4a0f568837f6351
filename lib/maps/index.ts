export * from "../linear-map.ts";
export * from "./as-map.ts";
export * from "./products.ts";
export * from "./scaling.ts";
