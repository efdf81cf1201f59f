//! Limits on the size of an input. What is over a limit is an error, never a long wait or a crash.
//!
//! Must not know the grammar.

/// The longest source text, in bytes.
pub const MAX_SOURCE_BYTES: usize = 4 << 20;

/// The deepest nesting of brackets and signs.
pub const MAX_DEPTH: usize = 10_000;

/// The greatest number of expressions in a tree.
pub const MAX_NODES: usize = 2_000_000;

/// The longest name, in bytes.
pub const MAX_NAME_BYTES: usize = 1_000;

/// The longest number, in bytes.
pub const MAX_NUMBER_BYTES: usize = 1_000;

/// The greatest magnitude of an exponent that is written as a number.
pub const MAX_EXPONENT: u32 = 1_000_000;

/// The greatest number of derivative marks after a name.
pub const MAX_DERIVATIVE_MARKS: usize = 255;

/// After this many errors parsing stops.
pub(crate) const MAX_ERRORS: usize = 5;

/// After this many notes no more are given.
pub(crate) const MAX_NOTES: usize = 5;
