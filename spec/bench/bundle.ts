import { type BuildOptions, build } from "esbuild";

/** A program, a file or a text, with what it uses of the built package, as one module. */
export async function bundled(
	program: Pick<BuildOptions, "entryPoints" | "stdin">,
	{ minify = false }: { minify?: boolean } = {},
): Promise<string> {
	const { outputFiles } = await build({
		...program,
		bundle: true,
		minify,
		write: false,
		format: "esm",
		platform: "node",
		external: ["fast-check"],
		// Not that of this repository, in which the package's name stands for its sources.
		tsconfigRaw: {},
	});
	return outputFiles![0]!.text;
}
