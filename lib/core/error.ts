/** The common ancestor of every error adjoint throws on purpose; catch it to catch them all. */
export class AdjointError extends Error {
	override name = "AdjointError";
}

/** The shapes, ranks, sizes or axes of the arguments do not fit together. */
export class ShapeError extends AdjointError {
	override name = "ShapeError";
}

/** A dtype is unknown, does not mix with another, or cannot hold a value. */
export class DTypeError extends AdjointError {
	override name = "DTypeError";
}

/** A value lies outside what an op accepts: an index out of range, a singular matrix. */
export class DomainError extends AdjointError {
	override name = "DomainError";
}

/**
 * A derivative was asked of something that has none, or came out NaN or infinite in `debug` mode.
 */
export class GradientError extends AdjointError {
	override name = "GradientError";
}

/** A value was needed while a function is being traced, when there are no values yet. */
export class TraceError extends AdjointError {
	override name = "TraceError";
}

/** The elements of a tensor were asked for while they have to be waited for: `await x.read()`. */
export class DeviceError extends AdjointError {
	override name = "DeviceError";
}

/** A file is damaged, or is not of the format it is read as. */
export class FormatError extends AdjointError {
	override name = "FormatError";
}

/** A derivation cannot be made, or not in the form that was asked for. */
export class DerivationError extends AdjointError {
	override name = "DerivationError";
}
