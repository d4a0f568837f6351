import type { Names } from "./list.ts";

/** `jax.numpy.linalg`. */
export const linalg: Names = {
	module: "jax.numpy.linalg",
	ours: `
		cholesky cond:conditionNumber cross det:determinant diagonal eigh inv:inverse lstsq matmul matrix_norm
		matrix_power matrix_rank matrix_transpose norm outer pinv qr slogdet:slogDet solve svd tensordot trace
		vector_norm
	`,
	missing: {
		"a line of `eigh`, `svd`, `einsum` or `reshape`": `
			eigvalsh multi_dot svdvals tensorinv tensorsolve vecdot`,
	},
	apart: { "complex numbers: there are none here": "eig eigvals" },
};

/** `jax.numpy.fft`. */
export const fft: Names = {
	module: "jax.numpy.fft",
	ours: `
		fft fft2 fftfreq:fftFrequencies fftshift:fftShift ifft ifft2 ifftshift:ifftShift irfft rfft
		rfftfreq:rfftFrequencies
	`,
	missing: {
		"a line of those of one or two axes": "fftn hfft ifftn ihfft irfft2 irfftn rfft2 rfftn",
	},
	apart: {},
};

/** `jax.ops`. */
export const ops: Names = {
	module: "jax.ops",
	ours: "segment_max segment_min segment_prod segment_sum",
	missing: {},
	apart: {},
};

/** `jax.scipy.special`. */
export const special: Names = {
	module: "jax.scipy.special",
	ours: `
		betainc betaln digamma erf erfc erfinv expit:sigmoid gammainc gammaincc gammaln:lgamma log_ndtr log_softmax logit
		logsumexp:logSumExp ndtr ndtri polygamma softmax xlogy
	`,
	missing: {
		"a line of what there is": `
			beta boxcox boxcox1p comb entr factorial gamma gammasgn kl_div multigammaln poch rel_entr
			xlog1py`,
		"Bessel functions and spherical harmonics": "bessel_jn i0 i0e i1 i1e sph_harm_y",
		"integrals and series that no model has asked for yet": `
			bernoulli dawsn erfcx exp1 expi expn fresnel hyp1f1 hyp2f1 owens_t sici spence zeta`,
	},
	apart: { "complex numbers: there are none here": "loggamma wofz" },
};

/** `jax.nn`. */
export const nn: Names = {
	module: "jax.nn",
	ours: `
		celu:nn.celu dot_product_attention:nn.attention elu:nn.elu gelu glu:nn.glu hard_sigmoid:nn.hardSigmoid
		hard_silu:nn.hardSwish hard_swish:nn.hardSwish hard_tanh:nn.hardTanh leaky_relu:nn.leakyRelu log_sigmoid
		log_softmax logsumexp:logSumExp mish:nn.mish one_hot relu relu6:nn.relu6 selu:nn.selu sigmoid silu
		soft_sign:nn.softsign softmax softplus swish:silu tanh
	`,
	missing: {
		"a line of what there is": `
			log1mexp logmeanexp sparse_plus sparse_sigmoid squareplus standardize`,
	},
	apart: {
		"the function x ↦ x of JavaScript": "identity",
		"products of narrow dtypes, with scales": `
			get_scaled_dot_general_config scaled_dot_general scaled_matmul`,
	},
};

/** `jax.nn.initializers`. */
export const initializers: Names = {
	module: "jax.nn.initializers",
	ours: `
		constant:nn.initializers.constant glorot_normal:nn.initializers.glorotNormal
		glorot_uniform:nn.initializers.glorotUniform he_normal:nn.initializers.heNormal
		he_uniform:nn.initializers.heUniform kaiming_normal:nn.initializers.heNormal
		kaiming_uniform:nn.initializers.heUniform lecun_normal:nn.initializers.lecunNormal
		lecun_uniform:nn.initializers.lecunUniform normal:nn.initializers.normal ones:nn.initializers.constant
		orthogonal:nn.initializers.orthogonal truncated_normal:nn.initializers.truncatedNormal
		uniform:random.uniform xavier_normal:nn.initializers.glorotNormal
		xavier_uniform:nn.initializers.glorotUniform zeros:nn.initializers.constant
	`,
	missing: {
		"a function of a key and a shape is an initializer": "variance_scaling",
		"no model has asked for it yet": "delta_orthogonal",
	},
	apart: { "a type": "Initializer" },
};

/** `optax`. */
export const optax: Names = {
	module: "optax",
	ours: `
		adadelta:optim.adadelta adafactor:optim.adafactor adamax:optim.adamax lamb:optim.lamb lars:optim.lars
		join_schedules:optim.schedules.join linear_schedule:optim.schedules.polynomialDecay log_cosh:nn.logCosh
		polynomial_schedule:optim.schedules.polynomialDecay sgdr_schedule:optim.schedules.join adagrad:optim.adagrad adam:optim.adam adamw:optim.adamW amsgrad:optim.adam
		clip:optim.clipByValue clip_by_global_norm:optim.clipByGlobalNorm constant_schedule:optim.schedules.constant
		cosine_decay_schedule:optim.schedules.cosine cosine_distance:nn.cosineDistance
		cosine_onecycle_schedule:optim.schedules.oneCycle ctc_loss:nn.ctcLoss ema:optim.ema
		exponential_decay:optim.schedules.exponential global_norm:optim.globalNorm hinge_loss:nn.hingeLoss
		huber_loss:nn.huberLoss kl_divergence:nn.klDivergence lbfgs:optim.lbfgs lion:optim.lion
		MultiSteps:optim.accumulate nadam:optim.nadam ntxent:nn.infoNce
		piecewise_constant_schedule:optim.schedules.step radam:optim.radam rmsprop:optim.rmsProp sgd:optim.sgd
		sigmoid_binary_cross_entropy:nn.binaryCrossEntropy sigmoid_focal_loss:nn.focalLoss
		smooth_labels:nn.crossEntropy softmax_cross_entropy:nn.crossEntropy
		softmax_cross_entropy_with_integer_labels:nn.crossEntropy squared_error:nn.squaredError
		trace:optim.sgd warmup_constant_schedule:optim.schedules.warmUp
		warmup_cosine_decay_schedule:optim.schedules.warmUp warmup_exponential_decay_schedule:optim.schedules.warmUp
	`,
	missing: {
		"optimizers that few models use": `
			adabelief adamaxw adan fromage nadamw noisy_sgd novograd
			optimistic_adam optimistic_adam_v2 optimistic_gradient_descent polyak_sgd rprop sign_sgd signum sm3 yogi`,
		"a line of what there is": `
			cosine_similarity convex_kl_divergence generalized_kl_divergence l2_loss
			safe_softmax_cross_entropy incremental_update periodic_update add_noise centralize`,
		"other ways to clip": `
			adaptive_grad_clip clip_by_block_rms per_example_global_norm_clip per_example_layer_norm_clip`,
		"a schedule is a function of the step, so these are a line":
			"linear_onecycle_schedule piecewise_interpolate_schedule",
		"alpha and beta of CTC apart": "ctc_loss_with_forward_probs",
		"solvers beside optimizers": "lookahead nnls power_iteration matrix_inverse_pth_root",
	},
	apart: {
		"types and states: a state here is a plain object": `
			AdaptiveGradClipState AddDecayedWeightsState AddNoiseState ApplyEvery ApplyIfFiniteState
			ClipByGlobalNormState ClipState ConditionallyMaskState ConditionallyTransformState EmaState EmptyState
			FactoredState GradientTransformation GradientTransformationExtraArgs InjectHyperparamsState
			InjectStatefulHyperparamsState LookaheadParams LookaheadState MaskOrFn MaskedNode MaskedState
			MonitorState MultiStepsState MultiTransformState NonNegativeParamsState OptState Params PartitionState
			ScalarOrSchedule ScaleByAdaDeltaState ScaleByAdamState ScaleByAdanState ScaleByAmsgradState
			ScaleByBacktrackingLinesearchState ScaleByBeliefState ScaleByLBFGSState ScaleByLionState
			ScaleByNovogradState ScaleByRStdDevState ScaleByRmsState ScaleByRpropState ScaleByRssState
			ScaleBySM3State ScaleByScheduleState ScaleByTrustRatioState ScaleByZoomLinesearchState ScaleState
			Schedule ShouldSkipUpdateFunction SnapshotState TraceState TransformInitFn TransformUpdateExtraArgsFn
			TransformUpdateFn Updates WrappedSchedule ZeroNansState ZoomLinesearchInfo init_empty_state`,
		"the parts of which Optax makes an optimizer: here it is one function": `
			add_decayed_weights apply_every apply_updates bias_correction normalize_by_update_norm scale
			scale_by_adadelta scale_by_adam scale_by_adamax scale_by_adan scale_by_amsgrad
			scale_by_backtracking_linesearch scale_by_belief scale_by_distance_over_gradients scale_by_factored_rms
			scale_by_lbfgs scale_by_learning_rate scale_by_lion scale_by_novograd scale_by_optimistic_gradient
			scale_by_param_block_norm scale_by_param_block_rms scale_by_polyak scale_by_radam scale_by_rms
			scale_by_rprop scale_by_rss scale_by_schedule scale_by_sign scale_by_sm3 scale_by_stddev
			scale_by_trust_ratio scale_by_yogi scale_by_zoom_linesearch scale_gradient update_infinity_moment
			update_moment update_moment_per_elem_norm`,
		"how parts are put together, and what they look at: JavaScript does it": `
			apply_if_finite chain conditionally_mask conditionally_transform flatten freeze identity
			inject_hyperparams inject_stateful_hyperparams keep_params_nonnegative masked measure_with_ema
			microbatch monitor multi_normal multi_transform named_chain partition safe_increment
			safe_int32_increment safe_norm safe_root_mean_squares selective_transform set_to_zero
			skip_large_updates skip_not_finite snapshot stateless stateless_with_tree_map tree_map_params
			value_and_grad_from_state with_extra_args_support zero_nans`,
	},
};
