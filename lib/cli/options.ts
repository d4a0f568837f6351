import { parseArgs } from "node:util";
import { type Form, forms } from "../derivation/forms.ts";
import { HEADINGS, type Lang } from "../derivation/text/headings.ts";
import { CommandError } from "./failure.ts";

/** What the command is asked to do. */
export interface Command {
	readonly file: string;
	/** The name of the exported function; null where it need not be told. */
	readonly exported: string | null;
	readonly format: Form;
	readonly lang: Lang;
	/** Where to write; null: standard output. */
	readonly out: string | null;
}

const FORMS = Object.keys(forms);
const LANGS = Object.keys(HEADINGS);

/** What `--help` shows. */
export const HELP = `Usage: adjoint derive FILE [options]

Derives the gradient of the function that FILE exports and prints it line by line.

  --export NAME   the function; left out: the default export, or the only exported function
  --format FORM   ${FORMS.join(", ")}; left out: numpy
  --lang LANG     ${LANGS.join(", ")}; left out: en
  --out FILE      the file to write; left out: standard output
  --help          this text

FILE is a module in JavaScript, or in TypeScript where tsx is installed or Node strips types. It exports
the function, its arguments by name as \`args\`, and, if need be, what \`derive\` takes besides as \`options\`:

  export const loss = (w, x, y) => x.dot(w).sub(y).square().sum();
  export const args = { w: ones([3, 1]), x: ones([8, 3]), y: ones([8, 1]) };
  export const options = { axes: { x: ["N", "D"] } };
`;

/**
 * What the words of a command line ask for; null for the help.
 * @throws CommandError when they ask for nothing that there is
 */
export function parse(words: readonly string[]): Command | null {
	const { values, positionals } = parsed(words);
	if (values.help) return null;
	const [name, file, ...rest] = positionals;
	if (name !== "derive" || file === undefined || rest.length > 0) {
		throw new CommandError(
			`expected "adjoint derive FILE", got "${["adjoint", ...positionals].join(" ")}"; see adjoint --help`,
		);
	}
	return {
		file,
		exported: values.export ?? null,
		format: oneOf("format", values.format, FORMS) as Form,
		lang: oneOf("lang", values.lang, LANGS) as Lang,
		out: values.out ?? null,
	};
}

function parsed(words: readonly string[]) {
	try {
		return parseArgs({
			args: [...words],
			allowPositionals: true,
			options: {
				export: { type: "string" },
				format: { type: "string", default: "numpy" },
				lang: { type: "string", default: "en" },
				out: { type: "string" },
				help: { type: "boolean", short: "h" },
			},
		});
	} catch (error) {
		throw new CommandError(`${(error as Error).message}; see adjoint --help`);
	}
}

function oneOf(option: string, given: string, choices: readonly string[]): string {
	if (choices.includes(given)) return given;
	throw new CommandError(`expected --${option} to be ${choices.join(", ")}, got ${given}`);
}
