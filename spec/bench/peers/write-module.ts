// Prints a training step as a module for JAX: the case of this name.
import { toJax } from "adjoint/export";
import { stepOf, written } from "./models.ts";

const [model, rate] = written[process.argv[2]!]!();
console.log(toJax(stepOf(model, rate), { params: model.params, inputs: model.inputs }));
