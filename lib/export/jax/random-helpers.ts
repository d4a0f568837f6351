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
    return (low + jnp.floor(uniform(key, shape, "float64") * (high - low))).astype(
        "int32"
    )`,
	permutation: `def permutation(key, shape):
    n = shape[-1]

    def permuted(key):
        chosen = jnp.floor(uniform(key, (n,), "float64") * (jnp.arange(n) + 1)).astype(
            "int32"
        )

        def swap(k, order):
            i = n - 1 - k
            j = chosen[i]
            return order.at[i].set(order[j]).at[j].set(order[i])

        return lax.fori_loop(0, max(0, n - 1), swap, jnp.arange(n, dtype="int32"))

    return jax.vmap(permuted)(jnp.asarray(key).reshape(-1, 2)).reshape(shape)`,
	categorical: `def categorical(key, logits):
    noise = -jnp.log(-jnp.log(open_uniform(key, logits.shape)))
    return jnp.argmax(logits + noise, axis=-1).astype("int32")`,
	choice: `def choice(key, p, shape):
    noise = -jnp.log(-jnp.log(open_uniform(key, p.shape)))
    order = jnp.argsort(-(jnp.log(p) + noise), axis=-1)
    return order[..., : shape[-1]].reshape(shape).astype("int32")`,
	fold_in: `def fold_in(key, data, stream):
    words = jnp.stack(threefry(key, jnp.asarray(data), stream), axis=-1)
    return lax.bitcast_convert_type(words, jnp.int32)`,
};

/** Draws by JAX itself, from a key as it is here, two words of int32, or from one of its own. */
export const JAX_RANDOM: Readonly<Record<string, string>> = {
	jax_keys: `def jax_keys(key):
    if jnp.issubdtype(key.dtype, jax.dtypes.prng_key):
        return key.reshape(-1)
    words = lax.bitcast_convert_type(key.reshape(-1, 2), jnp.uint32)
    return jax.random.wrap_key_data(words, impl="threefry2x32")`,
	drawn: `def drawn(draw, key, shape, *along):
    """What is drawn from a key; of several keys each draws its part."""
    keys = jax_keys(key)
    part = (math.prod(shape) // max(1, len(keys)),)
    parts = [jnp.broadcast_to(x, shape).reshape(len(keys), *part) for x in along]
    return jax.vmap(lambda key, *own: draw(key, part, *own))(keys, *parts).reshape(
        shape
    )`,
	uniform: `def uniform(key, shape, dtype):
    return drawn(lambda key, part: jax.random.uniform(key, part, dtype), key, shape)`,
	normal: `def normal(key, shape, dtype):
    return drawn(lambda key, part: jax.random.normal(key, part, dtype), key, shape)`,
	truncated_normal: `def truncated_normal(key, shape, dtype):
    def draw(key, part):
        return jax.random.truncated_normal(key, -2.0, 2.0, part, dtype)

    return drawn(draw, key, shape)`,
	randint: `def randint(key, shape, low, high):
    return drawn(
        lambda key, part: jax.random.randint(key, part, low, high, "int32"), key, shape
    )`,
	permutation: `def permutation(key, shape):
    def permuted(key):
        return jax.random.permutation(key, jnp.arange(shape[-1], dtype="int32"))

    return jax.vmap(permuted)(jax_keys(key)).reshape(shape)`,
	categorical: `def categorical(key, logits):
    keys = jax_keys(key)
    rows = logits.reshape(len(keys), -1, logits.shape[-1])
    return (
        jax.vmap(jax.random.categorical)(keys, rows)
        .reshape(logits.shape[:-1])
        .astype("int32")
    )`,
	poisson: `def poisson(key, rate, shape):
    def draw(key, part, rate):
        return jax.random.poisson(key, rate, part, "int32")

    return drawn(draw, key, shape, rate)`,
	binomial: `def binomial(key, n, p, shape):
    def draw(key, part, n, p):
        return jax.random.binomial(key, n, p, part).astype("int32")

    return drawn(draw, key, shape, n, p)`,
	log_gamma: `def log_gamma(key, a, shape, dtype):
    def draw(key, part, a):
        return jax.random.loggamma(key, a, part, dtype)

    return drawn(draw, key, shape, a)`,
	choice: `def choice(key, p, shape):
    noise = drawn(lambda key, part: jax.random.gumbel(key, part), key, p.shape)
    order = jnp.argsort(-(jnp.log(p) + noise), axis=-1)
    return order[..., : shape[-1]].reshape(shape).astype("int32")`,
	fold_in: `def fold_in(key, data, stream):
    def fold(key, data):
        child = jax.random.fold_in(jax.random.fold_in(key, stream), data)
        return lax.bitcast_convert_type(jax.random.key_data(child), jnp.int32)

    data = jnp.broadcast_to(data, jnp.shape(data) or (1,)).reshape(-1)
    return jax.vmap(fold)(jax_keys(key), data).reshape(jnp.shape(key)[:-1] + (2,))`,
};
