export * from "./derivation.ts";
export * from "./derive.ts";
export type * from "./forms.ts";
export type * from "./model.ts";
export type * from "./print-options.ts";
