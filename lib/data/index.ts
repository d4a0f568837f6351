// A tensor that comes out has its methods, also where nothing else of the library is imported.
import "../methods.ts";

export * from "./batches.ts";
export * from "./csv.ts";
export * from "./examples.ts";
export * from "./standardize.ts";
