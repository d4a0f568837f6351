import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GradientError } from "../core/error.ts";
import { type Derivation, derive } from "../derivation/index.ts";
import { jaxPackage } from "../export/index.ts";
import { CommandError } from "./failure.ts";
import { loadModel } from "./model-file.ts";
import { type DeriveCommand, type ExportCommand, HELP, parse } from "./options.ts";

/** Where the command writes. */
export interface Streams {
	/** What was asked for. */
	out(text: string): void;
	/** What is said besides. */
	note(text: string): void;
}

/**
 * The command `adjoint`, with what stands behind it on the command line.
 * @throws CommandError for what the user can put right; whatever the user's file throws
 */
export async function runCommand(words: readonly string[], streams: Streams): Promise<void> {
	const command = parse(words);
	if (command.kind === "help") streams.out(HELP);
	else if (command.kind === "version") streams.out(`${version()}\n`);
	else if (command.kind === "export") await runExport(command);
	else await runDerive(command, streams);
}

async function runExport(command: ExportCommand): Promise<void> {
	const { out } = command;
	const { f, args, options } = await loadModel(command.file, command.exported);
	const axes = { ...options.axes, ...command.axes };
	const files =
		command.to === "jax"
			? jaxPackage(f as never, args, { axes, grad: command.grad, rng: command.rng })
			: await onnxFiles(f as never, args, axes, command);
	try {
		mkdirSync(out, { recursive: true });
	} catch (error) {
		throw cannotWrite(out, error);
	}
	for (const [name, content] of Object.entries(files)) write(join(out, name), content);
}

/** @throws CommandError where there is no axis of a name, or what writes models is not installed */
async function onnxFiles(
	f: (...args: never[]) => unknown,
	args: Readonly<Record<string, unknown>>,
	axes: Readonly<Record<string, readonly string[]>>,
	{ dynamic, float }: ExportCommand,
): Promise<Record<string, Uint8Array>> {
	const known = [...new Set(Object.values(axes).flat())];
	const unknown = dynamic.find((name) => !known.includes(name));
	if (unknown !== undefined) {
		const there = known.length === 0 ? "--axes names none" : `there are ${known.join(", ")}`;
		throw new CommandError(`no axis is called ${unknown}; ${there}`);
	}
	const dynamicAxes = Object.fromEntries(
		Object.entries(axes).map(([place, names]) => {
			return [place, names.map((name) => (dynamic.includes(name) ? name : null))];
		}),
	);
	const { onnxPackage } = await import("../export/onnx/index.ts").catch((error) => {
		if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
		throw new CommandError("--to onnx needs a package: npm install @bufbuild/protobuf");
	});
	return onnxPackage(f, args, { dynamicAxes, ...(float !== null && { float }) });
}

async function runDerive(command: DeriveCommand, { out, note }: Streams): Promise<void> {
	const { f, args, options } = await loadModel(command.file, command.exported);
	const axes = { ...options.axes, ...command.axes };
	const derivation = derive(f, args, { ...options, axes });
	const text = derivation.print(command.format, { lang: command.lang });
	if (command.out === null) out(text);
	else write(command.out, text);
	if (command.cost) note(`${derivation.cost()}\n`);
	if (command.verify) note(`${verified(derivation)}\n`);
}

function verified(derivation: Derivation): string {
	try {
		return String(derivation.verify());
	} catch (error) {
		if (!(error instanceof GradientError)) throw error;
		// It is a table, of as many lines as there are variables.
		throw new CommandError(error.message);
	}
}

function write(file: string, content: string | Uint8Array): void {
	try {
		writeFileSync(file, content);
	} catch (error) {
		throw cannotWrite(file, error);
	}
}

function cannotWrite(file: string, error: unknown): CommandError {
	const [reason] = (error as Error).message.split(",");
	return new CommandError(`cannot write ${file}: ${reason}`);
}

/** The version in the package's own description, which lies above this file, built or not. */
function version(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
	return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}
