import temml from "temml";

/** What a parser of Markdown offers to a plugin, as far as it is used here. */
interface Parser {
	readonly inline: {
		readonly ruler: {
			after(name: string, own: string, rule: (state: Inline, silent: boolean) => boolean): void;
		};
	};
	readonly renderer: { readonly rules: Record<string, ((...args: never[]) => string) | undefined> };
}

interface Inline {
	readonly src: string;
	pos: number;
	push(type: string, tag: string, nesting: 0): { content: string };
}

interface Token {
	readonly info: string;
	readonly content: string;
}

/** LaTeX as MathML; what is no LaTeX ends the build. `v-pre`: braces are no expressions of Vue. */
function mathml(latex: string, displayMode: boolean): string {
	const html = temml.renderToString(latex, { displayMode, throwOnError: true });
	return displayMode
		? `<div class="formula" tabindex="0" v-pre>${html}</div>\n`
		: html.replace("<math", "<math v-pre");
}

/** `$…$` in a line, and fences of `math`, as code hosts show them: rendered when the site is built. */
export function mathematics(parser: Parser): void {
	parser.inline.ruler.after("escape", "mathematics", (state, silent) => {
		const pattern = /\$(?!\s)((?:[^$\\]|\\[\s\S])+?)(?<!\s)\$(?!\d)/y;
		pattern.lastIndex = state.pos;
		const match = pattern.exec(state.src);
		if (match === null) return false;
		if (!silent) state.push("math_inline", "math", 0).content = match[1]!;
		state.pos = pattern.lastIndex;
		return true;
	});
	const { rules } = parser.renderer;
	// The name that the plugin for attributes knows, which would take a last {…} for some.
	rules.math_inline = (tokens: Token[], i: number) => mathml(tokens[i]!.content, false);
	const fence = rules.fence!;
	rules.fence = (...args: never[]) => {
		const [tokens, i] = args as unknown as [Token[], number];
		const { info, content } = tokens[i]!;
		return info.trim() === "math" ? mathml(content, true) : fence(...args);
	};
}
