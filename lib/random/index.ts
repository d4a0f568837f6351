export * from "./continuous.ts";
export * from "./discrete.ts";
export * from "./keys.ts";
