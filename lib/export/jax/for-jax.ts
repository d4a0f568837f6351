/** A text for NumPy with JAX's arrays in their place. */
export function forJax(text: string): string {
	return text.replaceAll(/(?<![\w."])np\./g, "jnp.");
}
