// What the sandbox says to the worker that has the device. The sandbox cannot have one itself: an
// origin of its own is no secure context. So what it does with a device goes over a port as calls.

/** An object of the device in the place of an argument. */
export interface Reference {
	readonly reference: number;
}

/** Numbers of the objects that are there from the start. */
export const DEVICE = 0;
export const QUEUE = 1;

export type Command =
	/** A call whose result, if it is an object, gets a number. */
	| {
			readonly kind: "call";
			readonly on: number;
			readonly method: Method;
			readonly args: readonly unknown[];
			readonly result: number;
	  }
	/** Asks for the bytes of a buffer, when all before is done. */
	| { readonly kind: "read"; readonly buffer: number; readonly id: number }
	/** An object is not used any more. */
	| { readonly kind: "forget"; readonly object: number };

export type Answer =
	/** The device is there. */
	| { readonly kind: "device"; readonly limits: Readonly<Record<string, number>> }
	| { readonly kind: "none" }
	| { readonly kind: "read"; readonly id: number; readonly bytes: ArrayBuffer | null }
	| { readonly kind: "error"; readonly message: string }
	| { readonly kind: "lost"; readonly message: string };

/** What may be called: what computing needs. */
export const METHODS = [
	"createBuffer",
	"createShaderModule",
	"createBindGroupLayout",
	"createPipelineLayout",
	"createComputePipeline",
	"createBindGroup",
	"getBindGroupLayout",
	"createCommandEncoder",
	"beginComputePass",
	"setPipeline",
	"setBindGroup",
	"dispatchWorkgroups",
	"end",
	"copyBufferToBuffer",
	"clearBuffer",
	"finish",
	"submit",
	"writeBuffer",
	"destroy",
] as const;
export type Method = (typeof METHODS)[number];
