/**
 * What draws random numbers in a module for JAX: the same words from the same key as here
 * (`lib/random/threefry.ts`), so the same numbers, to the last digits of a logarithm or a quantile.
 */
export const RANDOM: Readonly<Record<string, string>> = {
	threefry: `def threefry(key, first, second):
    """Two random words for each counter of two words: Threefry-2x32 with 20 rounds."""
    words = lax.bitcast_convert_type(jnp.asarray(key, "int32"), jnp.uint32)
    a, b = words[..., 0], words[..., 1]
    c = a ^ b ^ jnp.uint32(0x1BD11BDA)
    x, y = first.astype("uint32") + a, jnp.uint32(second) + b
    for group in range(1, 6):
        for turn in (13, 15, 26, 6) if group % 2 else (17, 29, 16, 24):
            x = x + y
            y = ((y << turn) | (y >> (32 - turn))) ^ x
        a, b, c = b, c, a
        x, y = x + a, y + b + jnp.uint32(group)
    return x, y`,
	random_words: `def random_words(key, shape):
    """Two words for each element; of several keys each draws its part."""
    keys = jnp.asarray(key).reshape(-1, 1, 2)
    counters = jnp.arange(math.prod(shape) // len(keys))
    return [word.reshape(shape) for word in threefry(keys, counters, 0)]`,
	uniform: `def uniform(key, shape, dtype):
    x, y = random_words(key, shape)
    if dtype == "float32":
        return (x >> 8).astype("float32") * 2.0**-24
    return ((x >> 5).astype("float64") * 2.0**26 + (y >> 6)) * 2.0**-53`,
	open_uniform: `def open_uniform(key, shape):
    x, y = random_words(key, shape)
    return ((x >> 6).astype("float64") * 2.0**26 + (y >> 6) + 0.5) * 2.0**-52`,
	normal: `def normal(key, shape, dtype):
    return jax.scipy.special.ndtri(open_uniform(key, shape)).astype(dtype)`,
	truncated_normal: `def truncated_normal(key, shape, dtype):
    below = jax.scipy.special.ndtr(-2.0)
    z = jax.scipy.special.ndtri(below + (1 - 2 * below) * open_uniform(key, shape))
    return jnp.clip(z, -2, 2).astype(dtype)`,
	randint: `def randint(key, shape, low, high):
    return (low + jnp.floor(uniform(key, shape, "float64") * (high - low))).astype("int32")`,
	permutation: `def permutation(key, shape):
    n = shape[-1]

    def permuted(key):
        chosen = jnp.floor(uniform(key, (n,), "float64") * (jnp.arange(n) + 1)).astype("int32")

        def swap(k, order):
            i = n - 1 - k
            j = chosen[i]
            return order.at[i].set(order[j]).at[j].set(order[i])

        return lax.fori_loop(0, max(0, n - 1), swap, jnp.arange(n, dtype="int32"))

    return jax.vmap(permuted)(jnp.asarray(key).reshape(-1, 2)).reshape(shape)`,
	categorical: `def categorical(key, logits):
    noise = -jnp.log(-jnp.log(open_uniform(key, logits.shape)))
    return jnp.argmax(logits + noise, axis=-1).astype("int32")`,
	fold_in: `def fold_in(key, data, stream):
    words = jnp.stack(threefry(key, jnp.asarray(data), stream), axis=-1)
    return lax.bitcast_convert_type(words, jnp.int32)`,
};
