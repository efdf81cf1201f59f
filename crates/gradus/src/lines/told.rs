//! How the check of a derivation is told: as text in a language, and as JSON.
//!
//! Must not know how it was checked.

use gradus_claims::phrases;
use gradus_diagnostics::Language;
use serde_json::{Value, json};

use super::check::{CheckedLines, CheckedStep};
use crate::remarks::why_undecided;
use crate::told::{Refutation, diagnosis_json, example_json};
use crate::verification::Verdict;

impl CheckedLines {
    /// What is found, as lines of text: every wrong step with its place and what is wrong, and a summary.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut lines: Vec<String> = Vec::new();
        for step in &self.steps {
            let line = phrases::LINE.text(language).replace("{line}", &step.line.to_string());
            match step.verification.verdict {
                Verdict::Refuted => {
                    lines.push(format!("{line}{}", self.refutation(step, language)));
                }
                Verdict::Undecided | Verdict::NotChecked => {
                    let said = phrases::UNDECIDED.text(language);
                    let said = said
                        .replace("{reason}", &why_undecided(&step.verification.reason, language));
                    lines.push(format!("{line}{said}"));
                }
                Verdict::Proved | Verdict::Confirmed => {}
            }
        }
        let (wrong, count) = (self.wrong().count(), self.steps.len());
        let summary = match (wrong, self.verdict()) {
            (0, Verdict::Undecided) => None,
            (0, _) => Some(phrases::ALL_TRUE),
            _ => Some(phrases::SOME_FALSE),
        };
        lines.extend(summary.map(|words| {
            let text = words.text(language);
            text.replace("{count}", &count.to_string()).replace("{wrong}", &wrong.to_string())
        }));
        lines.join("\n")
    }

    /// What is wrong with the first wrong step; nothing if all hold.
    #[must_use]
    pub fn first_mistake(&self, language: Language) -> Option<String> {
        let step = self.wrong().next()?;
        Some(self.refutation(step, language))
    }

    fn refutation(&self, step: &CheckedStep, language: Language) -> String {
        let refutation = Refutation {
            judgement: &step.judgement,
            claim: &self.text,
            program: "",
            answers: step.answer.clone().into_iter().collect(),
            of_sides: step.answer.is_none(),
        };
        let text = refutation.text(language);
        // What says nothing of a place is shown with the side that it is about.
        let has_place = step.diagnoses().iter().take(1).any(|found| found.place.is_some())
            || step.judgement.unread.is_some();
        if has_place {
            return text;
        }
        let shown = gradus_diagnostics::Diagnostic::note("claim", "").label(step.place, "");
        let shown = gradus_diagnostics::render_text(&shown, &self.text);
        let mut lines: Vec<&str> = text.lines().collect();
        let snippet: Vec<&str> = shown.lines().skip(1).collect();
        let rest = lines.split_off(1.min(lines.len()));
        lines.extend(snippet);
        lines.extend(rest);
        lines.join("\n")
    }

    /// The check as a JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let steps: Vec<Value> = self.steps.iter().map(step_json).collect();
        json!({
            "schema": 1,
            "reading": self.reading,
            "verdict": word(self.verdict()),
            "wrong": self.wrong().count(),
            "prose": self.prose,
            "steps": steps,
        })
        .to_string()
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved | Verdict::Confirmed => "true",
        Verdict::Refuted => "false",
        Verdict::Undecided | Verdict::NotChecked => "undecided",
    }
}

fn step_json(step: &CheckedStep) -> Value {
    let judgement = &step.judgement;
    let diagnoses: Vec<Value> = judgement.diagnoses.iter().map(diagnosis_json).collect();
    json!({
        "line": step.line,
        "place": {"start": step.place.start, "end": step.place.end},
        "left": step.left,
        "right": step.right,
        "verdict": word(step.verification.verdict),
        "verification": step.verification.verdict.name(),
        "reason": step.verification.reason,
        "diagnoses": diagnoses,
        "unfit": judgement.unread.as_ref().map(|error| error.message.clone()),
        "example": judgement.example.as_ref().map(example_json),
        "derivative": step.answer,
    })
}
