// What is not compared, and why. An entry that fits nothing in the document is an error.

/** Rows that are not run, by what stands in the column of this library. */
export const notRun: Readonly<Record<string, string>> = {
	"nothing to write: outside of a transform nothing is recorded":
		"tells of a mode that is not needed here",
	"`derive(f, [w])` (`adjoint/derivation`)": "prints a program; the document shows it",
	"`params = init(model, key)`, a plain object": "random numbers are each library's own",
	"`model.apply(params, x, { train: true, key })`": "random numbers are each library's own",
	"`random.key(0)`, `random.split(key)`": "random numbers are each library's own",
	"`train({ state, step, data, epochs })` (`adjoint/train`), or a loop by hand":
		"a way to write a program",
	"`save(path, params)`, `load(path)` (`adjoint/io`)": "formats of their own",
};

/** Rows whose dtypes differ, by what stands in the column of this library. */
export const otherDtypes: Readonly<Record<string, string>> = {
	"`tensor([1, 2])`": "the default dtype, of which the next row tells",
	"`s.item()`, `x.toArray()`, `x.data`": "plain numbers have no dtype",
};

/** Expressions whose gradient is not compared. */
export const withoutGradient: Readonly<Record<string, string>> = {
	"w.requires_grad_(); f(w).backward(); w.grad": "`backward` keeps no graph",
	"torch.func.linearize(cubes, w)[1](v)": "the point is a constant there",
	"jax.test_util.check_grads(f, (w,), 1)": "checks numbers, not values that are traced",
	"lax.while_loop(lambda c: (c * c).sum() < 100, lambda c: c * 2, v)": "no reverse mode there",
	"x.index_put_((i,), y)": "where an index repeats, numbers that do not stay get a gradient, too",
	"s.item()": "a plain number",
	"x.tolist()": "plain numbers",
	"x.numpy().ravel()": "numbers of NumPy",
	"np.asarray(x).ravel()": "numbers of NumPy",
	"torch.optim.AdamW([w], lr=0.1)": "`step` changes parameters in place, outside of any graph",
};
