//! The words of the command line before options are read: text only, and an expression may begin
//! with a minus sign.
//!
//! Must not know what the options mean.

use std::ffi::OsString;

use clap::Command;

/// The words as text.
pub(crate) fn as_text(words: Vec<OsString>) -> Result<Vec<String>, String> {
    let text = |word: OsString| {
        word.into_string()
            .map_err(|word| format!("the argument `{}` is not valid UTF-8", word.to_string_lossy()))
    };
    words.into_iter().map(text).collect()
}

/// Moves an expression that begins with a minus sign behind `--`, where it is read as it stands.
///
/// A first positional that begins with `-` and is no known flag is an expression; a word that begins
/// with `--` is always an option.
pub(crate) fn with_expression_last(words: Vec<String>, commands: &Command) -> Vec<String> {
    let Some(command) = words.get(1).and_then(|name| commands.find_subcommand(name)) else {
        return words;
    };
    if command.get_positionals().next().is_none() {
        return words;
    }
    let Some(at) = first_positional(&words, command) else { return words };
    if !words[at].starts_with('-') || words[at] == "-" {
        return words;
    }
    let mut moved = words;
    let expression = moved.remove(at);
    if !moved.iter().any(|word| word == "--") {
        moved.push("--".to_owned());
    }
    moved.push(expression);
    moved
}

/// Where the first word stands that is neither an option nor the value of one, if that comes before
/// any `--`.
fn first_positional(words: &[String], command: &Command) -> Option<usize> {
    let mut at = 2;
    while at < words.len() {
        let word = words[at].as_str();
        if word == "--" {
            return None;
        }
        if let Some(option) = word.strip_prefix("--") {
            at += if takes_next_word(option, command) { 2 } else { 1 };
        } else if is_short_flag(word) {
            at += 1;
        } else {
            return Some(at);
        }
    }
    None
}

fn takes_next_word(option: &str, command: &Command) -> bool {
    let is_named = |argument: &&clap::Arg| argument.get_long() == Some(option);
    let argument = command.get_arguments().find(is_named);
    argument.is_some_and(|argument| argument.get_action().takes_values())
}

/// Every command has the one short flag for help.
fn is_short_flag(word: &str) -> bool {
    word == "-h"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::with_expression_last;
    use crate::arguments::Arguments;
    use clap::CommandFactory;

    fn moved(line: &[&str]) -> Vec<String> {
        let words = line.iter().map(|word| (*word).to_owned()).collect();
        with_expression_last(words, &Arguments::command())
    }

    #[test]
    fn a_leading_minus_is_an_expression() {
        let words = moved(&["gradus", "diff", "-x'*x", "--wrt", "x"]);
        assert_eq!(words, ["gradus", "diff", "--wrt", "x", "--", "-x'*x"]);
        let words = moved(&["gradus", "diff", "--wrt", "x", "-h*x"]);
        assert_eq!(words, ["gradus", "diff", "--wrt", "x", "--", "-h*x"]);
        let words = moved(&["gradus", "check", "-x = -(x)"]);
        assert_eq!(words, ["gradus", "check", "--", "-x = -(x)"]);
    }

    #[test]
    fn other_words_stay() {
        for line in [
            vec!["gradus", "diff", "-", "--wrt", "x"],
            vec!["gradus", "diff", "x'*x", "-h"],
            vec!["gradus", "diff", "--wrd", "x"],
            vec!["gradus", "diff", "--", "-x"],
            vec!["gradus", "diff", "--wrt=x", "y"],
            vec!["gradus", "--version"],
            vec!["gradus", "batch", "-x"],
            vec!["gradus"],
        ] {
            assert_eq!(moved(&line), line);
        }
    }
}
