import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	Application,
	type Comment,
	type CommentDisplayPart,
	Converter,
	type DeclarationReflection,
	ReflectionKind,
	type SignatureReflection,
} from "typedoc";
import type ts from "typescript";
import { mapProse } from "../pages/places.ts";
import { declarationText, membersOf } from "./declarations.ts";

const root = join(import.meta.dirname, "../../..");

/** What is said of a symbol, as Markdown. */
export interface Said {
	readonly summary: string;
	/** Parameters, results and errors, a line each. */
	readonly details: readonly string[];
}

/** A symbol that an entry exports. */
export interface Documented {
	/** With the namespace that it is in, if any: `schedules.cosine`. */
	readonly name: string;
	/** The folder of the library that it comes from: `ops/linalg`. */
	readonly folder: string;
	readonly code: string;
	readonly said: Said;
	readonly members: readonly { readonly code: string; readonly said: Said }[];
	/** The entry that defines it, and its name there, if this one only passes it on. */
	readonly from: Origin | null;
}

interface Origin {
	readonly entry: string;
	/** None for all that the entry exports. */
	readonly name: string | null;
}

/** What types are put together of, which nobody has to name. */
const UNNAMED: string[] = [
	// Parts of types that are there.
	...["FLOAT_ELEMENTS", "Families", "Given", "Keys", "NestedIndices", "NpyFloat", "OptionKinds"],
	...["Reals", "Scalars", "Tensors", "Texts", "Width", "parts", "projections"],
	// Of the engine's own.
	...["DftOptions", "Node", "Origin", "Params", "PowerNormOptions", "RealDftOptions"],
	...["SliceKernels", "Which"],
	// A function of the same name has the type.
	...["defineOp", "elementwise", "normalization"],
];

/** Every entry of the package, by its name, with what it exports. */
export type Reference = ReadonlyMap<string, readonly Documented[]>;

/** The source of each entry in `package.json`: `adjoint/nn` is `lib/nn/index.ts`. */
function sourcesOfEntries(): Map<string, string> {
	const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
		exports: Record<string, { default: string }>;
	};
	return new Map(
		Object.entries(exports).map(([name, { default: file }]) => [
			name.replace(".", "adjoint"),
			file.replace("./dist", "lib").replace(".js", ".ts"),
		]),
	);
}

/**
 * Reads all entries by TypeDoc.
 * @throws Error where a source has errors, or an exported symbol has no docstring
 */
export async function readReference(): Promise<Reference> {
	const sources = sourcesOfEntries();
	const app = await Application.bootstrap({
		entryPoints: [...sources.values()].map((file) => join(root, file)),
		tsconfig: join(import.meta.dirname, "tsconfig.json"),
		readme: "none",
		excludePrivate: true,
		// Nothing is linked to, so a copy without a remote repository will do.
		disableGit: true,
		sourceLinkTemplate: "{path}",
		excludeInternal: true,
		validation: { notExported: true, invalidLink: true },
		intentionallyNotExported: UNNAMED,
		logLevel: "Warn",
	});
	const symbols = new Map<number, { symbol: ts.Symbol; checker: ts.TypeChecker }>();
	app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
		const symbol = context.getSymbolFromReflection(reflection) as ts.Symbol | undefined;
		if (symbol !== undefined) {
			symbols.set(reflection.id, { symbol, checker: context.checker as ts.TypeChecker });
		}
	});
	const project = await app.convert();
	if (project === undefined) throw new Error("the library has errors: npm run check");
	app.validate(project);
	if (app.logger.hasErrors() || app.logger.hasWarnings()) {
		throw new Error("TypeDoc finds faults, see above");
	}

	const moduleOf = (name: string) => {
		const source = sources.get(name)!.replace(/^lib\/|(\/index)?\.ts$/g, "");
		return project.children!.find((module) => module.name === source)!;
	};
	const entryOf = new Map([...sources.keys()].map((name) => [moduleOf(name), name]));
	const documented = (reflection: DeclarationReflection, within: string): Documented[] => {
		const name = within + reflection.name;
		if (reflection.isReference()) {
			const target = reflection.getTargetReflectionDeep() as DeclarationReflection;
			return passedOn(name, target, entryOf);
		}
		if (reflection.kindOf([ReflectionKind.Module, ReflectionKind.Namespace])) {
			return (reflection.children ?? []).flatMap((child) => documented(child, `${name}.`));
		}
		const { symbol, checker } = symbols.get(reflection.id)!;
		const said = saidOf(reflection);
		if (said.summary === "" && said.details.length === 0)
			throw new Error(`${name} has no docstring`);
		const file = reflection.sources![0]!.fileName;
		return [
			{
				name,
				folder: file.replace(/^.*?lib\//, "").replace(/\/?[^/]*$/, ""),
				code: declarationText(symbol, checker),
				said,
				members: membersOf(symbol).map((member) => {
					const child = reflection.getChildByName([member.name]) as typeof reflection | undefined;
					return { code: member.code, said: child === undefined ? NOTHING : saidOf(child) };
				}),
				from: null,
			},
		];
	};
	return new Map(
		[...entryOf].map(([module, name]) => [
			name,
			(module.children ?? []).flatMap((child) => documented(child, "")),
		]),
	);
}

/** What an entry exports that another one defines; of a namespace, each of its exports. */
function passedOn(
	name: string,
	target: DeclarationReflection,
	entryOf: ReadonlyMap<unknown, string>,
): Documented[] {
	const whole = entryOf.get(target);
	const entry = whole ?? entryOf.get(target.parent);
	if (entry === undefined) throw new Error(`nothing defines ${name}`);
	const from = (name: string, origin: string | null): Documented => {
		const nothing = { folder: "", code: "", said: NOTHING, members: [] };
		return { ...nothing, name, from: { entry, name: origin } };
	};
	if (whole !== undefined) return [from(name, null)];
	if (!target.kindOf(ReflectionKind.Namespace)) return [from(name, target.name)];
	return target.children!.flatMap((child) => {
		const own = `${name}.${child.name}`;
		if (!child.isReference()) return [from(own, `${target.name}.${child.name}`)];
		return passedOn(own, child.getTargetReflectionDeep() as DeclarationReflection, entryOf);
	});
}

const NOTHING: Said = { summary: "", details: [] };

/** The docstring of a symbol: its own, or that of its first call, as functions have it. */
function saidOf(reflection: DeclarationReflection): Said {
	const call: SignatureReflection | undefined =
		reflection.signatures?.[0] ?? reflection.getSignature;
	const comment: Comment | undefined = reflection.comment ?? call?.comment;
	if (comment === undefined) return NOTHING;
	const parameters = (call?.parameters ?? []).flatMap((parameter) =>
		parameter.comment === undefined
			? []
			: [`\`${parameter.name}\`: ${markdown(parameter.comment.summary)}`],
	);
	const blocks = comment.blockTags.map(({ tag, name, content }) => {
		const label = name === undefined ? TAGS[tag] : `\`${name}\``;
		if (label === undefined) throw new Error(`${reflection.name}: what is ${tag}?`);
		return `${label}: ${markdown(content)}`;
	});
	return { summary: markdown(comment.summary), details: [...parameters, ...blocks] };
}

const TAGS: Readonly<Record<string, string>> = {
	"@returns": "Returns",
	"@throws": "Throws",
	"@example": "Example",
	"@deprecated": "Deprecated",
	"@typeParam": "Type",
};

/** Code that is set off by spaces, as code between fences. */
const fenced = (text: string) =>
	text.replaceAll(
		/\n\n((?: {4}.*(?:\n|$))+)/g,
		(_, code: string) => `\n\n\`\`\`ts\n${code.replaceAll(/^ {4}/gm, "").trimEnd()}\n\`\`\`\n`,
	);

/** A comment as the site's Markdown, where `<`, `{` and `$` mean something outside of code. */
function markdown(parts: readonly CommentDisplayPart[]): string {
	const text = parts.map((part) => (part.kind === "inline-tag" ? `\`${part.text}\`` : part.text));
	return mapProse(fenced(text.join("").trim()), (prose) =>
		prose.replaceAll("<", "&lt;").replaceAll("{", "&#123;").replaceAll("$", "\\$"),
	);
}
