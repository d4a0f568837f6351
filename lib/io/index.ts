export * from "./files.ts";
export * from "./npy.ts";
