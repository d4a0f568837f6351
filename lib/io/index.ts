// A tensor that is read has its methods, also where nothing else of the library is imported.
import "../ops/index.ts";

export * from "./files.ts";
export * from "./npy.ts";
