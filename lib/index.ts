import "./methods.ts";

export * from "./functions.ts";
export type * from "./methods.ts";
