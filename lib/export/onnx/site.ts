import type { Shape } from "../../core/shape.ts";
import type { Instruction } from "../../program/program.ts";
import type { Element, FloatElement } from "./element-types.ts";
import type { Graph, GraphTensor } from "./graph.ts";

/** A tensor before axes are stretched along which it repeats its elements. */
export interface Shown {
	/** With size 1 along those axes. */
	readonly thin: GraphTensor;
	readonly shape: Shape;
}

/** Where an instruction is written as nodes. */
export interface NodeSite {
	readonly graph: Graph;
	readonly step: Instruction;
	/** What its inputs are, whole; those of elements that repeat are stretched. */
	readonly operands: readonly GraphTensor[];
	/** The same, not yet stretched. */
	readonly shown: readonly Shown[];
	/** The type of the result. */
	readonly element: Element;
	/** The float type of the instruction: that of its result or its inputs, else float64. */
	readonly floats: FloatElement;
	/** Whether a node may do what makes an input: that has no name, and nothing else reads it. */
	readonly mayTakeIn: (input: number) => boolean;
}

/** How an instruction is written. */
export type NodeForm = (site: NodeSite) => GraphTensor | Shown;
