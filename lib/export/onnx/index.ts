// The entry `adjoint/export/onnx`: models for ONNX Runtime.

export type { FloatElement } from "./element-types.ts";
export { type OnnxOptions, onnxPackage, toOnnx } from "./to-onnx.ts";
