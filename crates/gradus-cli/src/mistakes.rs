//! Mistakes on the command line: a tip where the parser's own measure of likeness finds none.
//!
//! Must not know what the options mean.

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Adds the tip that helps most, where the report has none.
pub(crate) fn with_tip(report: clap::Error, words: &[String], commands: &Command) -> clap::Error {
    match report.kind() {
        ErrorKind::UnknownArgument if report.get(ContextKind::SuggestedArg).is_none() => {
            with_option(report, words, commands)
        }
        ErrorKind::InvalidSubcommand if report.get(ContextKind::SuggestedSubcommand).is_none() => {
            with_command(report)
        }
        _ => report,
    }
}

fn with_option(mut report: clap::Error, words: &[String], commands: &Command) -> clap::Error {
    let Some((typed, meant)) = misspelt_option(&report, words, commands) else { return report };
    // The tip to pass the word behind `--` would make an expression of a misspelt option.
    report.remove(ContextKind::Suggested);
    report.insert(ContextKind::InvalidArg, ContextValue::String(typed));
    report.insert(ContextKind::SuggestedArg, ContextValue::String(meant));
    report
}

fn with_command(mut report: clap::Error) -> clap::Error {
    let tip = StyledStr::from("to differentiate an expression, use 'gradus diff EXPR'");
    report.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    report
}

/// The unknown option as it was typed, and the option that was meant.
fn misspelt_option(
    report: &clap::Error,
    words: &[String],
    commands: &Command,
) -> Option<(String, String)> {
    let command = words.get(1).and_then(|name| commands.find_subcommand(name))?;
    let Some(ContextValue::String(named)) = report.get(ContextKind::InvalidArg) else {
        return None;
    };
    // Of `-wrt` the parser names the first letter only.
    let typed = words.iter().find(|word| is_named_as(word, named))?;
    let name = typed.trim_start_matches('-').split('=').next()?;
    let mut options = command.get_arguments().filter_map(clap::Arg::get_long);
    let meant = options.find(|option| letters(option) == letters(name))?;
    Some((typed.clone(), format!("--{meant}")))
}

fn is_named_as(word: &str, named: &str) -> bool {
    if named.starts_with("--") {
        word.split('=').next() == Some(named)
    } else {
        !word.starts_with("--") && word.starts_with(named)
    }
}

/// The letters of a name in order: equal for names of which one has letters swapped.
fn letters(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}
