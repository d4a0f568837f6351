// What can be opened: a list that the build writes, loaded when the reader asks for it.
import type { Text } from "../lessons/lesson.ts";
import { net } from "../lessons/net.ts";
import type { Program } from "../protocol.ts";

/** A program to look at. */
export interface Example {
	readonly id: string;
	readonly title: Text;
	readonly program: Program;
}

/** Examples that belong together. */
export interface ExampleGroup {
	readonly title: Text;
	readonly examples: readonly Example[];
}

const { forward: code, inputs, sizes } = net;

/** What the page shows when nothing else is asked for; it is there without the list. */
export const FIRST: Example = {
	id: "two-layer-net",
	title: { en: "Two-layer net", zh: "两层网络" },
	program: { code, inputs, sizes, seed: 0, dtype: "float64" },
};

let loaded: Promise<readonly ExampleGroup[]> | null = null;

/** All examples. @throws Error where they do not come; the next call tries again */
export function exampleGroups(): Promise<readonly ExampleGroup[]> {
	loaded ??= fetch("examples.json").then((response) => {
		if (response.ok) return response.json();
		throw new Error(`examples.json: ${response.status}`);
	});
	loaded.catch(() => {
		loaded = null;
	});
	return loaded;
}

/** The example of that name; the first one where there is none. @throws Error as the list does */
export async function exampleOf(id: string | null): Promise<Example> {
	if (id === null) return FIRST;
	const all = (await exampleGroups()).flatMap(({ examples }) => examples);
	return all.find((each) => each.id === id) ?? FIRST;
}
