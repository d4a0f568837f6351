/** The modules that the worker brings with it. */
export const BUILT_IN: readonly string[] = ["adjoint", "adjoint/derivation"];

/** The modules that code in the playground may import. */
export const MODULES: readonly string[] = [
	...BUILT_IN,
	"adjoint/check",
	"adjoint/check/gradients",
	"adjoint/compile",
	"adjoint/distributions",
	"adjoint/export",
	"adjoint/nn",
	"adjoint/ode",
	"adjoint/optim",
	"adjoint/scalar",
	"adjoint/webgpu",
];

/** Handwritten digits, which come when an input asks for them. */
export const DIGITS = "digits";

/** The name of the file in which the page finds a module for the sandbox. */
export function fileOf(module: string): string {
	return module.replaceAll("/", "-");
}
