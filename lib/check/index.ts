export * from "./laws.ts";
