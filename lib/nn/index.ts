// The methods of a tensor are there, also where nothing else of the library is imported.
import "../ops/index.ts";

export * from "./compose.ts";
export * as initializers from "./initializers.ts";
export type * from "./layer.ts";
export { init, initialState } from "./layer.ts";
export * from "./linear.ts";
export * from "./losses.ts";
