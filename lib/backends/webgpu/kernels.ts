import type { CodedKernel } from "../../schedule/kernel.ts";
import { Unsupported } from "../backend.ts";
import type { ShaderOperand, ShaderPlan } from "./shader.ts";

/**
 * The shaders of a kernel for these operands: those that it reads, then those that it writes.
 * @throws Unsupported for one that the device cannot run
 */
export function shadersOf(kernel: CodedKernel, _operands: readonly ShaderOperand[]): ShaderPlan {
	throw new Unsupported(`no shader for a ${kernel.kind} yet`);
}
