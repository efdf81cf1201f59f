//! Certificates as text, as source and in LaTeX, in English and Chinese.
//!
//! Must not know how they are found.

use gradus_claims::{Bending, Seen, Values};
use gradus_convexity::{Bend, Statement, condition_words, rule_words};
use gradus_diagnostics::Language;

use super::formulas::Formulas;
use super::{Convexity, Curvature, Line, json};
use crate::failure::{Failure, Result};
use crate::request::Output;

/// The column at which statements stand at the latest, where formulas leave room.
const STATEMENT_COLUMN: usize = 44;

impl Curvature {
    /// The word for it.
    #[must_use]
    pub fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Affine, Language::English) => "affine",
            (Self::Convex, Language::English) => "convex",
            (Self::Concave, Language::English) => "concave",
            (Self::Neither, Language::English) => "neither convex nor concave",
            (Self::NotKnown, Language::English) => "not known",
            (Self::Affine, Language::Chinese) => "仿射",
            (Self::Convex, Language::Chinese) => "凸",
            (Self::Concave, Language::Chinese) => "凹",
            (Self::Neither, Language::Chinese) => "非凸非凹",
            (Self::NotKnown, Language::Chinese) => "未知",
        }
    }
}

impl Convexity {
    /// The certificate in a form and a language.
    ///
    /// # Errors
    /// A form in which certificates are not printed.
    pub fn print(&self, output: Output, language: Language) -> Result<String> {
        match output {
            Output::Text => Ok(self.text(language, |formula| &formula.text)),
            Output::Source => Ok(self.text(language, |formula| &formula.source)),
            Output::Latex => Ok(self.latex(language)),
            Output::Json => Ok(json::print(self, language)),
            other => {
                let name = Output::ALL.iter().find(|(_, it)| *it == other).map(|(name, _)| *name);
                Err(Failure::of_output(name.unwrap_or_default(), &self.source))
            }
        }
    }

    /// `convex in w`
    pub(crate) fn heading(&self, language: Language) -> String {
        let word = self.curvature.word(language);
        let names = self.variables.join(", ");
        let several = self.variables.len() > 1;
        match (language, several) {
            (Language::English, false) => format!("{word} in {names}"),
            (Language::English, true) => format!("{word} in {names} together"),
            (Language::Chinese, false) => format!("关于 {names}：{word}"),
            (Language::Chinese, true) => format!("关于 {names} 联合：{word}"),
        }
    }

    fn text(&self, language: Language, pick: fn(&Formulas) -> &String) -> String {
        let mut lines = vec![self.heading(language)];
        let column = self
            .lines
            .iter()
            .map(|line| pick(&line.formula).chars().count())
            .filter(|length| *length <= STATEMENT_COLUMN)
            .max()
            .unwrap_or(0);
        for line in &self.lines {
            let formula = pick(&line.formula);
            let gap = " ".repeat(column.saturating_sub(formula.chars().count()) + 3);
            lines.push(format!("  {formula}{gap}{}", reason(line, language)));
        }
        if let Some(strictly) = self.strict_words(language, pick) {
            lines.push(strictly);
        }
        if let Some(second) = &self.second {
            lines.push(format!("d²f = {}", Formulas::signed(pick(second), self.sign())));
        }
        lines.extend(self.further(language));
        lines.join("\n")
    }

    fn sign(&self) -> &'static str {
        if self.curvature == Curvature::Concave { "≤ 0" } else { "≥ 0" }
    }

    /// `strongly convex if X has full column rank`
    pub(crate) fn strict_words(
        &self,
        language: Language,
        pick: fn(&Formulas) -> &String,
    ) -> Option<String> {
        let strictly = self.strictly.as_ref()?;
        let word = self.curvature.word(language);
        let how = match (strictly.strongly, language) {
            (true, Language::English) => format!("strongly {word}"),
            (false, Language::English) => format!("strictly {word}"),
            (true, Language::Chinese) => format!("强{word}"),
            (false, Language::Chinese) => format!("严格{word}"),
        };
        let conditions: Vec<String> = strictly
            .conditions
            .iter()
            .map(|(condition, formula)| condition_words(condition, pick(formula), language))
            .collect();
        Some(match (conditions.is_empty(), language) {
            (true, _) => how,
            (false, Language::English) => format!("{how} if {}", conditions.join(" and ")),
            (false, Language::Chinese) => format!("若 {}，则{how}", conditions.join("且")),
        })
    }

    /// Examples, what holds of each variable alone, and what would help.
    fn further(&self, language: Language) -> Vec<String> {
        let english = language == Language::English;
        let mut lines = Vec::new();
        if !self.bends.data.is_empty() && (self.bends.up.is_some() || self.bends.down.is_some()) {
            let data = values(&self.bends.data);
            let depends = self.bends.depends;
            lines.push(match (english, depends) {
                (true, false) => format!("  for example with {data}"),
                (false, false) => format!("  例如取 {data}"),
                (true, true) => "  it depends on the other variables".to_owned(),
                (false, true) => "  取决于其余变量".to_owned(),
            });
        }
        let sides =
            [(&self.bends.down, "not convex", "不凸"), (&self.bends.up, "not concave", "不凹")];
        for (bending, word, chinese) in sides {
            let (Some(bending), false) = (bending, self.bends.depends) else { continue };
            let word = if english { word } else { chinese };
            lines.push(format!("  {word}{}", seen(bending, english)));
        }
        for (name, curvature) in &self.separately {
            let word = curvature.word(language);
            lines.push(match english {
                true => format!("  in {name} alone: {word}"),
                false => format!("  仅关于 {name}：{word}"),
            });
        }
        for (declaration, curvature) in &self.hints {
            let word = curvature.word(language);
            lines.push(match english {
                true => format!("  {word} with {declaration}"),
                false => format!("  若声明 {declaration}，则{word}"),
            });
        }
        lines
    }

    fn latex(&self, language: Language) -> String {
        let text = |words: &str| format!("\\text{{{}}}", words.replace('_', "\\_"));
        let mut rows: Vec<String> = self
            .lines
            .iter()
            .map(|line| {
                format!("{} && {}", line.formula.latex, text(&plain_latex(&reason(line, language))))
            })
            .collect();
        if let Some(second) = &self.second {
            let sign = if self.curvature == Curvature::Concave { "\\le 0" } else { "\\ge 0" };
            rows.push(format!("\\mathrm d^2 f = {}", Formulas::signed(&second.latex, sign)));
        }
        let mut head = self.heading(language);
        if let Some(strictly) = self.strict_words(language, |formula| &formula.source) {
            head.push_str(&format!("; {strictly}"));
        }
        rows.insert(0, text(&head));
        for line in self.further(language) {
            rows.push(text(&plain_latex(line.trim())));
        }
        format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}", rows.join(" \\\\\n"))
    }
}

/// Signs in words that LaTeX sets in mathematics only.
fn plain_latex(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '≥' => out.push_str("$\\ge$"),
            '≤' => out.push_str("$\\le$"),
            '⪰' => out.push_str("$\\succeq$"),
            '≻' => out.push_str("$\\succ$"),
            'ᵀ' => out.push_str("$^{\\mathsf T}$"),
            '²' => out.push_str("$^2$"),
            '·' => out.push_str("$\\cdot$"),
            letter => out.push(letter),
        }
    }
    out
}

/// `convex: sum of squares of an affine function`
pub(crate) fn reason(line: &Line, language: Language) -> String {
    let (bend, in_order) = match line.statement {
        Statement::Entries(bend) => (bend, false),
        Statement::Matrix(bend) => (bend, true),
    };
    let word = bend_word(bend, language);
    let rule = rule_words(&line.rule, language);
    match (in_order, language) {
        (false, Language::English) => format!("{word}: {rule}"),
        (true, Language::English) => format!("{word} as a matrix (⪰): {rule}"),
        (false, Language::Chinese) => format!("{word}：{rule}"),
        (true, Language::Chinese) => format!("按 ⪰ 序{word}：{rule}"),
    }
}

pub(crate) fn bend_word(bend: Bend, language: Language) -> &'static str {
    let curvature = match bend {
        Bend::Constant | Bend::Affine => Curvature::Affine,
        Bend::Convex => Curvature::Convex,
        Bend::Concave => Curvature::Concave,
        Bend::Unknown => Curvature::NotKnown,
    };
    curvature.word(language)
}

/// `: at x = 1 along dx = 1, d²f = −2`
fn seen(bending: &Bending, english: bool) -> String {
    let at = values(&bending.at);
    let along: Vec<String> =
        bending.along.iter().map(|(name, value)| format!("d{name} = {value}")).collect();
    let along = along.join(", ");
    match (&bending.seen, english) {
        (Seen::Second(value), true) => format!(": at {at} along {along}: d²f = {value}"),
        (Seen::Second(value), false) => format!("：在 {at} 沿 {along}：d²f = {value}"),
        (Seen::Chord([before, here, after]), true) => format!(
            ": at {at} along {along}: f = {here} there, and {before} and {after} one step to each side"
        ),
        (Seen::Chord([before, here, after]), false) => {
            format!("：在 {at} 沿 {along}：此处 f = {here}，两侧一步为 {before} 与 {after}")
        }
    }
}

pub(crate) fn values(values: &Values) -> String {
    let one = |(name, value): &(String, String)| format!("{name} = {value}");
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}
