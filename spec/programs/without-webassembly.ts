// Compiles where the page's rules forbid WebAssembly. Run by spec/backends/explanation.spec.ts.
import { compile } from "../../lib/compile/index.ts";
import { ones, type Tensor } from "../../lib/index.ts";

Object.assign(WebAssembly, {
	Module: class {
		constructor() {
			throw new EvalError("forbidden");
		}
	},
});
const f = compile((x: Tensor) => x.dot(x).sum(), { threads: 2 });
const { threads, notes } = f.explain(ones([4, 4]));
console.log(f(ones([4, 4])).item(), threads, notes.join());
