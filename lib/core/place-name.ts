/** What files and options call a place in a tree: `params.layers.0.w` for `params.layers[0].w`. */
export function placeName(path: string): string {
	return path.replaceAll(/\[(\d+)\]/g, ".$1").replace(/^\./, "");
}
