// Gives Node the `navigator.gpu` of a browser: `node --import ./spec/webgpu/preload.ts …`.
import { gpu } from "./adapter.ts";

Object.defineProperty(globalThis, "navigator", { value: { gpu: await gpu() }, configurable: true });
