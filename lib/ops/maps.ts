export * from "../core/linear-map.ts";
export * from "./as-map.ts";
export * from "./product-maps.ts";
export * from "./scaling-maps.ts";
