// The methods of a tensor are there, also where nothing else of the library is imported.
import "../methods.ts";

export type { Probe } from "../program/probe.ts";
export type { Constant, Input, Instruction, Program, Value } from "../program/program.ts";
export type { RewriteStep } from "../program/simplify.ts";
export type * from "./cost.ts";
export type * from "./derivation.ts";
export * from "./derive.ts";
export type * from "./diff.ts";
export type * from "./draft/model.ts";
export type * from "./forms.ts";
export type * from "./printers/print-options.ts";
export type { VariableCheck } from "./running/judge.ts";
export type { ProgramForm } from "./running/program.ts";
export type { PythonRunner } from "./running/python.ts";
export type { Lang } from "./text/headings.ts";
export type * from "./verification.ts";
export { checkText, type RunOptions, type VerifyOptions } from "./verify.ts";
