/**
 * The name of a place in a tree, for files and options: `params.layers[0].w` is `params.layers.0.w`.
 */
export function placeName(path: string): string {
	return path.replaceAll(/\[(\d+)\]/g, ".$1").replace(/^\./, "");
}
