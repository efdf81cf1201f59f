//! What is said around diagnoses, in each language of the messages: data in one place.
//!
//! Must not know when it is said.

use crate::words::Words;

const fn words(english: &'static str, chinese: &'static str) -> Words {
    Words { english, chinese }
}

/// A claim that is right.
pub const TRUE: Words = words("true", "正确");
/// The same with its layout.
pub const TRUE_IN: Words = words("true in {layout} layout", "正确（{layout}布局）");
/// A wrong claim.
pub const FALSE: Words = words("false", "错误");
/// A claim that is wrong unless something is assumed.
pub const FALSE_IN_GENERAL: Words = words("false in general", "一般不成立");
/// A claim that could not be decided.
pub const UNDECIDED: Words = words("undecided: {reason}", "无法判定：{reason}");
/// Between a word and what is said.
pub const COLON: Words = words(": ", "：");
/// Between two things that are said.
pub const SEMICOLON: Words = words("; ", "；");
/// What is said of sizes at their places, and the same in Chinese, in the order of replacement.
pub const SIZES: [(&str, &str); 6] = [
    (" is a row of ", " 为行向量，元素个数为 "),
    (" is scalar", " 为标量"),
    (" entries", ""),
    (" has ", " 的元素个数为 "),
    (" is ", " 为 "),
    ("needs a square matrix", "须为方阵"),
];
/// Before a further diagnosis.
pub const OR: Words = words("or", "或者");
/// At the place of a mistake.
pub const SHOULD_BE: Words = words("should be {instead}", "应为 {instead}");
/// A claim whose parts do not fit together.
pub const UNFIT: Words =
    words("the claim does not fit together: {message}", "式子各部分的尺寸不相容：`{part}`");
/// The same after a diagnosis.
pub const AS_IT_STANDS: Words =
    words("as it stands it does not fit together: {message}", "原式各部分的尺寸不相容：`{part}`");
/// A claim of another shape.
pub const SHAPES: Words = words(
    "the claim is {found}, the derivative is {expected}",
    "所给结果为 {found}，导数应为 {expected}",
);
/// A side of another shape than the one before it.
pub const SHAPES_OF_SIDES: Words = words(
    "this side is {found}, the one before it {expected}",
    "此式为 {found}，前一式为 {expected}",
);
/// Gradus' own answer.
pub const ANSWER: Words = words("the derivative: {answer}", "导数：{answer}");
/// An example.
pub const EXAMPLE: Words = words(
    "example: {values}: derivative {expected}, claim {claimed}",
    "反例：{values}：导数为 {expected}，所给结果为 {claimed}",
);
/// An example where two sides differ.
pub const SIDES: Words = words(
    "example: {values}: the side before {expected}, this side {claimed}",
    "反例：{values}：前一式为 {expected}，此式为 {claimed}",
);
/// Before what is said of a line.
pub const LINE: Words = words("line {line}: ", "第 {line} 行：");
/// All steps of a derivation hold.
pub const ALL_TRUE: Words = words("true: all {count} steps hold", "正确：{count} 步全部成立");
/// Steps of a derivation are wrong.
pub const SOME_FALSE: Words =
    words("{wrong} of {count} steps are wrong", "{count} 步中有 {wrong} 步错误");
/// The entries of an example that differ.
pub const ENTRIES: Words = words("they differ in {entries}", "不同的元素：{entries}");
/// Nothing simple is wrong.
pub const NO_DIAGNOSIS: Words = words(
    "it is not the derivative, and no single change makes it so",
    "这不是导数，且无法用单处改动修正",
);
/// The same of two sides.
pub const SIDES_DIFFER: Words = words(
    "the two sides are not equal, and no single change makes them so",
    "两边不相等，且无法用单处改动修正",
);
/// The names of the layouts.
pub const LAYOUTS: [(&str, Words); 3] = [
    ("mixed", words("mixed", "混合")),
    ("numerator", words("numerator", "分子")),
    ("denominator", words("denominator", "分母")),
];
