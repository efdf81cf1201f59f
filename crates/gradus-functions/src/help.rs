//! Help texts of a function, made from its entry.
//!
//! Must not know where they are shown.

use std::fmt::Write as _;

use crate::entry::{Function, Meaning};

impl Function {
    /// How the function is written, such as `unvec(v, m, n)` or `x.^y`.
    #[must_use]
    pub fn usage(&self) -> String {
        if self.is_operator() {
            return self.parameters.join(self.name);
        }
        let rest = if self.arity().is_none() { ", …" } else { "" };
        format!("{}({}{rest})", self.name, self.parameters.join(", "))
    }

    /// One line for a listing: usage, summary, aliases.
    #[must_use]
    pub fn help_line(&self) -> String {
        let mut line = format!("{:<18} {}", self.usage(), self.summary);
        if !self.aliases.is_empty() {
            let _ = write!(line, " (also {})", self.aliases.join(", "));
        }
        line
    }

    /// All that a reader may want to know, over several lines: usage and summary, shapes,
    /// definition, differential and condition.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = format!("{}\n", self.help_line());
        let mut add = |title: &str, content: &str| {
            if !content.is_empty() {
                let _ = writeln!(text, "  {title:<14}{content}");
            }
        };
        add("shapes", &self.shapes());
        match self.meaning {
            Meaning::Expansion(definition) => add("stands for", definition),
            _ => add("equals", self.definition().unwrap_or_default()),
        }
        if !self.differential.is_empty() {
            add("differential", &format!("d {} = {}", self.usage(), self.differential));
        }
        add("adjoint", self.adjoint);
        add("where", &self.condition_on_parameters());
        add("note", self.hint);
        text
    }

    /// The condition with the parameters in place of the arguments.
    #[must_use]
    pub fn condition_on_parameters(&self) -> String {
        let mut text = self.condition.to_owned();
        for (position, parameter) in self.parameters.iter().enumerate() {
            text = text.replace(&format!("{{{position}}}"), parameter);
        }
        text
    }

    fn shapes(&self) -> String {
        match self.signatures {
            ["elementwise"] => "entry by entry".to_owned(),
            ["variadic"] => "any number of arrays".to_owned(),
            signatures => signatures.join("; ").replace("->", "→"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::book;

    fn describe(name: &str) -> String {
        let book = book();
        book.get(book.lookup(name).unwrap()).describe()
    }

    #[test]
    fn help_shows_the_rule() {
        let inverse = describe("inverse");
        assert!(inverse.starts_with("inv(X)"), "{inverse}");
        assert!(inverse.contains("d inv(X) = -inv(X)*dX*inv(X)"), "{inverse}");
        assert!(inverse.contains("X is invertible"), "{inverse}");
        assert!(describe("mean").contains("sum(X)/(m*n)"));
        assert!(describe(".^").starts_with("x.^y"));
        assert!(describe("hcat").starts_with("hcat(A, B, …)"));
    }
}
