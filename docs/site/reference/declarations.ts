import ts from "typescript";

/** A declaration as it is written, without its body and what makes it an export. */
function written(node: ts.Node, end = node.end): string {
	const source = node.getSourceFile();
	const indent = /[\t ]*$/.exec(source.text.slice(0, node.getStart()))![0];
	const text = source.text.slice(node.getStart(), end).trimEnd();
	return text
		.replaceAll(`\n${indent}`, "\n")
		.replace(/^(export |default |declare |async )+/, "")
		.replace(/\s*(=|\{)$/, "")
		.replaceAll("\t", "  ");
}

/** Whole, and with the names of types, wherever those are defined. */
const WHOLE =
	ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** Parameters a line each, where one line is too long. */
function wrapped(text: string): string {
	const open = text.indexOf("(");
	if (text.length <= 90 || open < 0) return text;
	const parts: string[] = [];
	let depth = 0;
	let from = open + 1;
	for (let i = open; i < text.length; i++) {
		const sign = text[i]!;
		if ("([{".includes(sign) || (sign === "<" && text[i - 1] !== "=")) depth++;
		const isClosing = ")]}".includes(sign) || (sign === ">" && text[i - 1] !== "=");
		if (isClosing) depth--;
		if ((sign === "," && depth === 1) || (isClosing && depth === 0)) {
			parts.push(text.slice(from, i).trim());
			from = i + 1;
		}
		if (isClosing && depth === 0) break;
	}
	const lines = parts.filter((part) => part !== "").map((part) => `  ${part},\n`);
	return `${text.slice(0, open)}(\n${lines.join("")})${text.slice(from)}`;
}

/** How a function is called: its overloads, if it has some, or else what it is. */
function functionText(nodes: readonly ts.FunctionDeclaration[], checker: ts.TypeChecker): string {
	const shown = nodes.length > 1 ? nodes.filter((node) => node.body === undefined) : nodes;
	return shown
		.map((node) => {
			const text = written(node, node.body?.getStart());
			if (node.type !== undefined) return text.replace(/;$/, "");
			const signature = checker.getSignatureFromDeclaration(node)!;
			const type = checker.getReturnTypeOfSignature(signature);
			return `${text}: ${checker.typeToString(type, node, WHOLE)}`;
		})
		.join("\n");
}

/** How a constant is called, if it is a function, or else its type. */
function constantText(node: ts.VariableDeclaration, checker: ts.TypeChecker): string {
	const name = node.name.getText();
	const type = checker.getTypeAtLocation(node.name);
	const calls = type.getCallSignatures();
	if (calls.length === 0) return `const ${name}: ${checker.typeToString(type, node, WHOLE)}`;
	return calls
		.map((call) => wrapped(name + checker.signatureToString(call, node, WHOLE)))
		.join("\n");
}

/** A symbol as its user sees it, in TypeScript; of a class, the line that it begins with. */
export function declarationText(symbol: ts.Symbol, checker: ts.TypeChecker): string {
	const nodes = symbol.declarations ?? [];
	const functions = nodes.filter(ts.isFunctionDeclaration);
	if (functions.length > 0) return functionText(functions, checker);
	const node = nodes.find(ts.isClassDeclaration) ?? nodes[0]!;
	if (ts.isVariableDeclaration(node)) return constantText(node, checker);
	if (!ts.isClassDeclaration(node)) return written(node);
	return written(node, node.members.pos);
}

/** The members of a class that its users see: the name and the declaration of each. */
export function membersOf(symbol: ts.Symbol): { name: string; code: string }[] {
	const node = symbol.declarations?.find(ts.isClassDeclaration);
	const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
	const shown = (node?.members ?? []).filter(
		(member) =>
			!(ts.getCombinedModifierFlags(member) & hidden) &&
			!(member.name !== undefined && ts.isPrivateIdentifier(member.name)),
	);
	return [...shown].map((member) => {
		const own = member as { body?: ts.Node; initializer?: ts.Node };
		const end = (own.body ?? own.initializer)?.getStart();
		const name = member.name?.getText() ?? "constructor";
		return { name, code: written(member, end).replace(/;$/, "") };
	});
}
