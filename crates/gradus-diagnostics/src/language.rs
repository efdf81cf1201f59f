//! The languages of people that the words beside formulas are written in.
//!
//! Must not know any of the words.

/// A language of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}
