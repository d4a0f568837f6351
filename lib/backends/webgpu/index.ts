export { type DeviceBackend, type WebGPUOptions, webgpu } from "./backend.ts";
export { toWgsl } from "./to-wgsl.ts";
