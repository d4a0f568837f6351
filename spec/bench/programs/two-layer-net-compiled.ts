import { compile } from "adjoint/compile";
import { firstLosses, step } from "./two-layer-net.ts";

console.log(firstLosses(compile(step)));
