// Prints a training step as a module for JAX: the case of this name.
import { toJax } from "adjoint/export";
import { written } from "./models.ts";

const { params, inputs, step } = written[process.argv[2]!]!();
console.log(toJax(step, { params, inputs }));
