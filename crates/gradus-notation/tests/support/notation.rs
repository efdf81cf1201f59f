//! Unicode notation to source text with all parentheses, by the rules of mathematical notation:
//! factors side by side bind tighter than `⊙`, `⊘`, `⊗`, and these tighter than sums.

pub fn to_source(text: &str) -> String {
    let mut reader = Notation { rest: text.chars().collect(), at: 0 };
    let source = reader.sum();
    assert_eq!(reader.at, reader.rest.len(), "{text} stops at {}", reader.at);
    source
}

struct Notation {
    rest: Vec<char>,
    at: usize,
}

const FUNCTIONS: &[&str] = &["tr", "sum", "exp", "det", "diag", "ones", "f"];

impl Notation {
    fn peek(&self) -> char {
        self.rest.get(self.at).copied().unwrap_or('\0')
    }

    fn accept(&mut self, text: &str) -> bool {
        let matches = text.chars().enumerate().all(|(i, c)| self.rest.get(self.at + i) == Some(&c));
        if matches {
            self.at += text.chars().count();
        }
        matches
    }

    fn sum(&mut self) -> String {
        let mut source =
            if self.accept("−") { format!("-({})", self.infix()) } else { self.infix() };
        loop {
            let sign = if self.accept(" + ") {
                "+"
            } else if self.accept(" − ") {
                "-"
            } else {
                return source;
            };
            source = format!("{source} {sign} ({})", self.infix());
        }
    }

    fn infix(&mut self) -> String {
        let mut source = self.fraction();
        loop {
            let operator = if self.accept(" ⊙ ") {
                ".*"
            } else if self.accept(" ⊘ ") {
                "./"
            } else {
                return source;
            };
            source = format!("({source}){operator}({})", self.fraction());
        }
    }

    fn fraction(&mut self) -> String {
        let numerator = self.run();
        if self.accept("/") {
            let denominator = self.factor();
            return format!("(({numerator})/({denominator}))");
        }
        numerator
    }

    fn run(&mut self) -> String {
        let mut source = self.factor();
        loop {
            let start = self.at;
            let _ = self.accept("·") || self.accept(" ");
            let next = self.peek();
            let closing = next == '‖' && self.rest.get(self.at + 1) == Some(&'₂');
            if next.is_alphanumeric() || next == '(' || next == '‖' && !closing {
                source = format!("{source}*{}", self.factor());
            } else {
                self.at = start;
                return format!("({source})");
            }
        }
    }

    fn factor(&mut self) -> String {
        let mut source = self.atom();
        loop {
            source = if self.accept("ᵀ") {
                format!("({source})'")
            } else if self.accept("⁻¹") {
                // Of a matrix the inverse, of all else a power.
                format!("({source})⁻¹")
            } else if self.accept("⁻ᵀ") {
                format!("inv({source})'")
            } else if self.accept("²") {
                format!("({source})^2")
            } else if self.accept("ˢ") {
                format!("({source})^s")
            } else if self.accept("^⊙") {
                format!("({source}).^({})", self.atom())
            } else if self.accept("^") {
                format!("({source})^({})", self.atom())
            } else {
                return source;
            };
        }
    }

    fn group(&mut self) -> String {
        assert!(self.accept("("));
        let mut source = self.sum();
        while self.accept(", ") {
            source = format!("{source}, {}", self.sum());
        }
        assert!(self.accept(")"), "a parenthesis is not closed");
        source
    }

    fn atom(&mut self) -> String {
        if self.peek() == '(' {
            return format!("({})", self.group());
        }
        if self.accept("‖") {
            let inner = self.sum();
            assert!(self.accept("‖₂"));
            return format!("norm2({inner})");
        }
        for (sign, word) in [("1ₙ", "ones(n)"), ("1ₘ", "ones(m)"), ("Iₙ", "eye(n)")] {
            if self.accept(sign) {
                return word.to_owned();
            }
        }
        for name in FUNCTIONS {
            let start = self.at;
            if self.accept(name) {
                let mut marks = String::new();
                while self.accept("′") {
                    marks.push('\'');
                }
                if self.peek() == '(' {
                    let dot = if *name == "f" { "." } else { "" };
                    return format!("{name}{marks}{dot}({})", self.group());
                }
                self.at = start;
            }
        }
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start {
            assert!(self.peek().is_alphabetic(), "{:?} at {start}", self.rest);
            self.at += 1;
        }
        self.rest[start..self.at].iter().collect()
    }
}
