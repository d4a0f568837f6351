// What users call of the parts at indices; what takes them back is beside it in `taking`.

export type { Indices } from "../kernels/indices.ts";
export { take, takeAlongAxis } from "./taking.ts";
