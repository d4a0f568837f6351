export { type DeviceBackend, type WebGPUOptions, webgpu } from "./backend.ts";
