// A state that is loaded has its methods, also where nothing else of the library is imported.
import "../methods.ts";

export * from "./descent.ts";
export * from "./metrics.ts";
export * from "./progress.ts";
export * from "./train.ts";
