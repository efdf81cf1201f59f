//! Text of the Gradus language to a surface tree and back.
//!
//! Must not know shapes or meanings of names.
//!
//! [`parse`] never fails: it gives a tree and diagnostics, and the tree is to be used only if none of the
//! diagnostics is an error. [`print()`] is its inverse. Nothing here recurses on the depth of an
//! expression, and every size is bounded by the constants of [`limits`].

mod builder;
mod compare;
mod lexer;
pub mod limits;
mod messages;
mod number;
mod parser;
mod printer;
mod token;
pub mod tree;
mod unicode;

pub use builder::Builder;
pub use lexer::is_name;
pub use parser::{
    Identity, Parsed, parse, parse_declaration, parse_declarations, parse_identity,
    parse_identity_with, parse_with,
};
pub use printer::{print, print_expression, print_kind, print_statement, print_with};
