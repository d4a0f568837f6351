import type { Names } from "./list.ts";

/** `jax.numpy`. */
export const numpy: Names = {
	module: "jax.numpy",
	ours: `
		abs absolute:abs acos acosh add all amax:max amin:min any arange arccos:acos arccosh:acosh arcsin:asin
		arcsinh:asinh arctan:atan arctan2:atan2 arctanh:atanh argmax argmin argsort around:round array:tensor asarray:tensor asin
		asinh astype average atan atan2 atanh bincount bool_:"bool" broadcast_to cbrt ceil clip compress concat
		concatenate:concat corrcoef cos cosh cov cross cumprod cumsum cumulative_prod:cumprod cumulative_sum:cumsum
		diag:diagonalMatrix diagonal diff divide:div dot einsum equal exp exp2 expand_dims expm1 eye flip float32:"float32"
		float64:"float64" floor floor_divide full full_like greater greater_equal heaviside histogram hypot identity:eye
		inner int32:"int32" interp isclose:isClose isfinite:isFinite isin:isIn isinf:isInf isnan:isNaN kron less less_equal
		linspace load:io.readNpy log log10 log1p log2 logaddexp:logAddExp logical_and logical_not logical_or
		logical_xor logspace matmul matrix_transpose max maximum mean median meshgrid min minimum mod
		moveaxis:moveAxis multiply:mul nan_to_num nanmax:nanMax nanmean:nanMean nanmedian:nanMedian nanmin:nanMin
		nanprod:nanProd nanstd:nanStd nansum:nanSum nanvar:nanVariance
		ndarray:Tensor ndim:.rank negative:neg newaxis:at nonzero not_equal ones ones_like outer pad permute_dims:permute
		pow:power power prod quantile ravel reciprocal remainder:mod repeat reshape rint:round roll round
		save:io.writeNpy savez:io.writeNpz searchsorted:searchSorted shape:.shape sign sin sinh size:.size sort split sqrt
		square squeeze stack std subtract:sub sum swapaxes:swapAxes take take_along_axis tan tanh tensordot tile trace
		transpose trapezoid tril triu true_divide:div trunc unique unique_all:uniqueAll unique_counts:uniqueAll
		unique_inverse:uniqueAll unique_values:unique unstack var:variance vectorize:vmap where zeros
		zeros_like
	`,
	missing: {
		"a line of what there is: a comparison, a sum, a product or `where`": `
			allclose array_equal array_equiv argwhere copysign count_nonzero deg2rad degrees divmod ediff1d
			fabs float_power fmax fmin fmod geomspace isneginf isposinf logaddexp2 modf
			nanargmax nanargmin nancumprod nancumsum nanpercentile nanquantile
			percentile positive ptp rad2deg radians signbit sinc`,
		"a line of `at`, `take`, `where` or `compress`": `
			append argpartition choose delete extract fill_diagonal flatnonzero insert partition piecewise place put
			put_along_axis select diag_indices diag_indices_from mask_indices indices tril_indices tril_indices_from triu_indices
			triu_indices_from ravel_multi_index unravel_index resize trim_zeros digitize`,
		"a line of `reshape`, `concat`, `stack`, `split`, `flip`, `moveAxis` or `broadcastTo`": `
			array_split atleast_1d atleast_2d atleast_3d broadcast_arrays column_stack diagflat dsplit dstack fliplr
			flipud hsplit hstack rollaxis rot90 tri vander vsplit vstack`,
		"a line of `einsum` or `dot`": "matvec vdot vecdot vecmat einsum_path",
		"polynomials as arrays of coefficients": `
			poly polyadd polyder polydiv polyfit polyint polymul polysub polyval roots`,
		"sets of numbers; `unique` is there": `
			intersect1d setdiff1d setxor1d union1d`,
		"windows of signals, and `convolve` without channels (`conv1d` has them)": `
			bartlett blackman convolve correlate hamming hanning i0 kaiser`,
		"differences along a grid, and histograms of several variables": `
			gradient unwrap histogram2d histogram_bin_edges histogramdd`,
		"no model has asked for it yet": "frexp ldexp lexsort nextafter spacing",
		"bits and divisors of whole numbers": `
			bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift
			bitwise_xor gcd invert lcm left_shift packbits right_shift unpackbits`,
	},
	apart: {
		"dtypes and what is asked of them: there are four here, as words": `
			ComplexWarning bfloat16 bool can_cast character complex128 complex64 complex_ complexfloating csingle
			cdouble double dtype finfo flexible float16 float4_e2m1fn float6_e2m3fn float6_e3m2fn float8_e3m4
			float8_e4m3 float8_e4m3b11fnuz float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu
			float_ floating generic iinfo inexact int1 int16 int2 int4 int64 int8 int_ integer isdtype issubdtype
			number object_ promote_types result_type signedinteger single ufunc uint uint1 uint16 uint2 uint32 uint4
			uint64 uint8 unsignedinteger`,
		"complex numbers: there are none here": `
			angle conj conjugate imag iscomplex iscomplexobj isreal isrealobj real sort_complex`,
		"numbers of JavaScript: `Math.PI`, `Infinity`": "e euler_gamma inf isscalar iterable nan pi",
		"loops, functions and notations of Python's": `
			apply_along_axis apply_over_axes block broadcast_shapes c_ fromfunction fromiter frompyfunc index_exp ix_
			mgrid ogrid r_ s_`,
		"memory: a tensor is never written to, and has no strides that one sees":
			"copy empty empty_like",
		"texts and bytes of arrays: `toString`, `data`, `tensor`": `
			array_repr array_str from_dlpack frombuffer fromfile fromstring get_printoptions printoptions
			set_printoptions`,
	},
};
