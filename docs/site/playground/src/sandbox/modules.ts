// The modules that the reader's code may import. Those that every page needs are there from the
// start; the others come when they are needed first.
import * as adjoint from "adjoint";
import * as derivation from "adjoint/derivation";

const loaded = new Map<string, unknown>([
	["adjoint", adjoint],
	["adjoint/derivation", derivation],
]);

/** Those that are waited for. */
const waiting = new Map<string, { resolve(module: unknown): void; promise: Promise<unknown> }>();

/** A module of the library; asks the page for its files where it is not there yet. */
export async function load<Module>(name: string): Promise<Module> {
	const there = loaded.get(name);
	if (there !== undefined) return there as Module;
	let wait = waiting.get(name);
	if (wait === undefined) {
		let resolve!: (module: unknown) => void;
		const promise = new Promise<unknown>((done) => {
			resolve = done;
		});
		wait = { resolve, promise };
		waiting.set(name, wait);
		postMessage({ from: "need", module: name });
	}
	return (await wait.promise) as Module;
}

/** The files of a module have come. */
export async function arrived(name: string, url: string): Promise<void> {
	const module: unknown = await import(url);
	loaded.set(name, module);
	waiting.get(name)?.resolve(module);
}

/** A module that is there. @throws Error for another one */
export function loadedModule(name: string): unknown {
	const module = loaded.get(name);
	if (module === undefined) throw new Error(`${name} has to be imported at the top of the code`);
	return module;
}
