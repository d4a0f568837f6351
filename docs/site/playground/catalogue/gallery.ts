// Programs from the gallery's own sources: the text of a function as it stands there, and a table
// of inputs of the kinds and sizes that it is derived at.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type Tensor, treeLeaves } from "../../../../lib/index.ts";
import { Draw, type Entry } from "../../../../spec/derivation/gallery/entry.ts";
import type { Family } from "../../../../spec/derivation/gallery/index.ts";
import type { Input, Kind, Program } from "../src/protocol.ts";
import { sizeName } from "../src/sandbox/axes.ts";

const FOLDER = join(import.meta.dirname, "../../../../spec/derivation/gallery/families");

/** An entry of the gallery as a program of this page. */
export function galleryProgram(family: Family, entry: Entry): Program {
	return { code: codeOf(family, entry), ...inputsOf(entry), seed: 0, dtype: "float64" };
}

/** Random arguments, and of which kind each of them is. */
class NotingDraw extends Draw {
	/** What was drawn, in order, with the number of classes where it counts. */
	readonly noted: { readonly kind: Kind; readonly below: number }[] = [];

	private note(kind: Kind, draw: () => Tensor, below = 0): Tensor {
		const { length } = this.noted;
		const x = draw();
		// Draws of which this one is made do not count.
		this.noted.length = length;
		this.noted.push({ kind, below });
		return x;
	}

	override normal(...shape: number[]): Tensor {
		return this.note("normal", () => super.normal(...shape));
	}

	override positive(...shape: number[]): Tensor {
		return this.note("positive", () => super.positive(...shape));
	}

	override definite(n: number): Tensor {
		return this.note("definite", () => super.definite(n));
	}

	override regular(n: number): Tensor {
		return this.note("regular", () => super.regular(n));
	}

	override probabilities(n: number, k: number): Tensor {
		return this.note("probabilities", () => super.probabilities(n, k));
	}

	override labels(n: number, k: number): Tensor {
		return this.note("whole", () => super.labels(n, k), k);
	}

	override oneHot(n: number, k: number): Tensor {
		return this.note("oneHot", () => super.oneHot(n, k));
	}

	override signs(...shape: number[]): Tensor {
		return this.note("signs", () => super.signs(...shape));
	}

	override bits(...shape: number[]): Tensor {
		return this.note("bits", () => super.bits(...shape));
	}
}

/**
 * The table of inputs of an entry. Values are drawn anew by the page: of the same kind, but without
 * the factors that some entries put to them.
 */
function inputsOf({
	name,
	args,
	sizes: [given],
	options,
}: Entry): Pick<Program, "inputs" | "sizes"> {
	const draw = new NotingDraw();
	const drawn = args(draw, given);
	const { axes: named = {} } = options;
	const sizes: Record<string, number> = {};
	const [first = ""] = Object.keys(drawn);
	const leaves = Object.entries(drawn).flatMap(([key, arg]) => {
		const own = key === "params" ? (arg as Record<string, Tensor>) : { [key]: arg as Tensor };
		return Object.entries(own).map(([leaf, x]) => ({ leaf, x, gradient: key === first }));
	});
	if (draw.noted.length !== leaves.length || treeLeaves(drawn).length !== leaves.length) {
		throw new Error(`${name}: its arguments are not one draw each`);
	}
	const nameOf = (size: number) => {
		const [found, ...more] = Object.keys(given).filter((each) => given[each] === size);
		if (found === undefined || more.length > 0) throw new Error(`${name}: which size is ${size}?`);
		return found;
	};
	const inputs = leaves.map(({ leaf, x, gradient }, i): Input => {
		const { kind, below } = draw.noted[i]!;
		if (x.rank === 0) {
			return { name: leaf, axes: "", kind: "number", gradient, value: x.item().toFixed(2) };
		}
		const axes = named[leaf] ?? x.shape.map(nameOf);
		for (const [place, axis] of axes.entries()) {
			const size = sizeName(axis);
			sizes[size] = given[size] ?? x.shape[place]!;
		}
		const value = kind === "whole" ? nameOf(below) : "1";
		return { name: leaf, axes: axes.join(", "), kind, gradient, value };
	});
	return { inputs, sizes };
}

/** The code of an entry: its function as the module's default export. */
function codeOf(family: Family, { name, args, sizes: [sizes] }: Entry): string {
	const file = join(FOLDER, `${family.name}.ts`);
	const source = ts.createSourceFile(
		file,
		readFileSync(file, "utf8"),
		ts.ScriptTarget.Latest,
		true,
	);
	const f = functionOf(source, name);
	const [first, ...others] = f.parameters;
	const keys = Object.keys(args(new Draw(), sizes)).slice(1);
	if (String(others.map(({ name }) => name.getText())) !== String(keys)) {
		throw new Error(`${name}: its arguments are called otherwise in the function`);
	}
	const params = namesIn(first!.name);
	const fields = params.map((each) => `${each}: Tensor`).join("; ");
	const isShort = params.length === 1;
	const type = isShort ? `{ ${fields} }` : "Params";
	const list = [`{ ${params.join(", ")} }: ${type}`, ...keys.map((each) => `${each}: Tensor`)];
	const body = f.body.getText().replaceAll("\n\t\t", "\n");
	return [
		importsOf(source, f.body, name),
		...(isShort ? [] : [`type Params = { ${fields} };`, ""]),
		`export default function loss(${list.join(", ")}) ${ts.isBlock(f.body) ? body : `{\n\treturn ${body};\n}`}`,
		"",
	].join("\n");
}

/** The function of an entry in its file. */
function functionOf(source: ts.SourceFile, name: string): ts.ArrowFunction {
	const find = (node: ts.Node): ts.ArrowFunction | undefined => {
		if (ts.isObjectLiteralExpression(node)) {
			const initializerOf = (key: string) =>
				node.properties.filter(ts.isPropertyAssignment).find((each) => each.name.getText() === key)
					?.initializer;
			const [f, title] = [initializerOf("f"), initializerOf("name")];
			const isIt = title !== undefined && ts.isStringLiteral(title) && title.text === name;
			if (isIt && f !== undefined && ts.isArrowFunction(f)) return f;
		}
		return ts.forEachChild(node, find);
	};
	const found = find(source);
	if (found === undefined) throw new Error(`${name}: no arrow function in ${source.fileName}`);
	return found;
}

/** The names of a parameter: itself, or what is taken out of it. */
function namesIn(name: ts.BindingName): string[] {
	return ts.isObjectBindingPattern(name)
		? name.elements.map((element) => element.getText())
		: [name.getText()];
}

/** The imports that a function of a file needs, from the library's entries. */
function importsOf(source: ts.SourceFile, body: ts.Node, entry: string): string {
	const used = new Set<string>();
	const note = (node: ts.Node) => {
		if (ts.isIdentifier(node)) used.add(node.text);
		// What is called as a method is no name of the file's.
		if (ts.isPropertyAccessExpression(node)) note(node.expression);
		else ts.forEachChild(node, note);
	};
	note(body);
	const needed = new Map<string, string[]>([["adjoint", []]]);
	for (const statement of source.statements) {
		if (ts.isImportDeclaration(statement)) {
			const { text } = statement.moduleSpecifier as ts.StringLiteral;
			const module = /\/lib\/(.*?)\/?index\.ts$/.exec(text)?.[1];
			const names = statement.importClause?.namedBindings as ts.NamedImports;
			for (const { name } of names.elements) {
				if (name.text === "Tensor" || !used.has(name.text)) continue;
				if (module === undefined) throw new Error(`${entry}: ${name.text} is not the library's`);
				const from = module === "" ? "adjoint" : `adjoint/${module}`;
				needed.set(from, [...(needed.get(from) ?? []), name.text]);
			}
		} else if (ts.isVariableStatement(statement)) {
			for (const { name } of statement.declarationList.declarations) {
				if (used.has(name.getText())) throw new Error(`${entry}: ${name.getText()} is its file's`);
			}
		}
	}
	const lines = [...needed].map(([from, names]) => {
		if (from === "adjoint" && names.length === 0) return `import type { Tensor } from "adjoint";`;
		const all = from === "adjoint" ? [...names, "type Tensor"] : names;
		return `import { ${all.join(", ")} } from "${from}";`;
	});
	return `${lines.join("\n")}\n`;
}
