import { firstLosses, step } from "./two-layer-net.ts";

console.log(firstLosses(step));
