// The entry `adjoint/webgpu`.
export * from "./backends/webgpu/index.ts";
