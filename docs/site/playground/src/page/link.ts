// The state of the page as a link's fragment, and back.
import { type Input, KINDS, type Program } from "../protocol.ts";

/** What a link says. */
export interface Linked {
	readonly program: Program;
	/** The lesson that the code belongs to; empty where it is no lesson. */
	readonly lesson: string;
	readonly lang: string;
}

/** No link that a person shares is longer than so many bytes when it is unpacked. */
const MOST_BYTES = 200_000;

/** The fragment, `p=…`: compressed, in letters that need no escape. */
export async function fragmentOf(linked: Linked): Promise<string> {
	const bytes = new TextEncoder().encode(JSON.stringify(linked));
	const packed = await piped(bytes, new CompressionStream("deflate-raw"));
	const text = btoa(String.fromCharCode(...packed));
	return `p=${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/**
 * What a fragment says.
 * @throws Error for one that was not made here, or was damaged
 */
export async function readFragment(fragment: string): Promise<Linked> {
	const text = fragment.replace(/^#?p=/, "").replaceAll("-", "+").replaceAll("_", "/");
	const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
	const bytes = await piped(packed, new DecompressionStream("deflate-raw"));
	return checked(JSON.parse(new TextDecoder().decode(bytes)));
}

async function piped(
	bytes: Uint8Array<ArrayBuffer>,
	through: ReadableWritablePair<Uint8Array, BufferSource>,
): Promise<Uint8Array> {
	const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
	const parts: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		length += value.length;
		// A few bytes may unpack to gigabytes.
		if (length > MOST_BYTES) throw new Error("the link is too long");
		parts.push(value);
	}
	return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

function checked(given: unknown): Linked {
	const { program, lesson, lang } = record(given);
	const { code, inputs, sizes, seed, dtype } = record(program);
	if (!Array.isArray(inputs) || inputs.length > 20) throw new Error("the link has no inputs");
	return {
		program: {
			code: text(code),
			inputs: inputs.map(inputOf),
			sizes: Object.fromEntries(
				Object.entries(record(sizes)).map(([name, size]) => [name, number(size)]),
			),
			seed: number(seed),
			dtype: dtype === "float32" ? "float32" : "float64",
		},
		lesson: text(lesson),
		lang: text(lang),
	};
}

function inputOf(given: unknown): Input {
	const { name, axes, kind, gradient, value } = record(given);
	const known = KINDS.find((each) => each === kind);
	if (known === undefined) throw new Error("the link has an input of no kind");
	return {
		name: text(name),
		axes: text(axes),
		kind: known,
		gradient: gradient === true,
		value: text(value),
	};
}

function record(given: unknown): Readonly<Record<string, unknown>> {
	if (typeof given === "object" && given !== null) return given as Record<string, unknown>;
	throw new Error("the link is no link of this page");
}

function text(given: unknown): string {
	if (typeof given === "string") return given;
	throw new Error("the link is no link of this page");
}

function number(given: unknown): number {
	if (typeof given === "number" && Number.isFinite(given)) return given;
	throw new Error("the link is no link of this page");
}
