// The methods of a tensor are there, also where nothing else of the library is imported.
import "../ops/index.ts";

export * from "./finite-difference.ts";
