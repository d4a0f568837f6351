// A tensor that comes out has its methods, also where nothing else of the library is imported.
import "../ops/index.ts";

export * from "./batches.ts";
export * from "./csv.ts";
export * from "./examples.ts";
export * from "./standardize.ts";
