//! How a judgement on a claim is told: as text in a language, and as JSON.
//!
//! Must not know how it was reached.

use gradus_claims::{Diagnosis, Example, Judgement, Mistake, Place, Words, phrases, tell};
use gradus_diagnostics::Language;
use gradus_diagnostics::{Diagnostic, render_text};
use serde_json::{Value, json};

use crate::claim::Claimed;
use crate::remarks::why_undecided;
use crate::verification::{Verdict, Verification};

/// Entries that differ beyond this number are counted only.
const MOST_ENTRIES: usize = 6;

impl Claimed {
    /// What is wrong with a wrong claim, the most specific first.
    #[must_use]
    pub fn diagnoses(&self) -> &[Diagnosis] {
        &self.judgement.diagnoses
    }

    /// What is found, as lines of text: the first line is the verdict.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let verification = &self.verification;
        match verification.verdict {
            Verdict::Proved | Verdict::Confirmed => {
                phrases::TRUE_IN.text(language).replace("{layout}", self.layout(language))
            }
            Verdict::Undecided | Verdict::NotChecked => {
                let reason = why_undecided(&verification.reason, language);
                phrases::UNDECIDED.text(language).replace("{reason}", &reason)
            }
            Verdict::Refuted => self.refutation(language),
        }
    }

    fn layout(&self, language: Language) -> &'static str {
        let found = phrases::LAYOUTS.iter().find(|(name, _)| *name == self.layout.to_string());
        found.map_or("", |(_, words)| words.text(language))
    }

    fn refutation(&self, language: Language) -> String {
        let answers = self.answer.iter().flat_map(|[text, _]| text.lines()).map(str::to_owned);
        let refutation = Refutation {
            judgement: &self.judgement,
            claim: &self.claim,
            program: &self.program,
            answers: answers.collect(),
            of_sides: false,
        };
        refutation.text(language)
    }

    /// The judgement as a JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let Verification { verdict, method, sizes, reason } = &self.verification;
        let sizes: Vec<Value> = sizes
            .iter()
            .map(|draw| {
                Value::Object(draw.iter().map(|(name, size)| (name.clone(), json!(size))).collect())
            })
            .collect();
        let word = match verdict {
            Verdict::Proved | Verdict::Confirmed => "true",
            Verdict::Refuted => "false",
            Verdict::Undecided | Verdict::NotChecked => "undecided",
        };
        let judgement = &self.judgement;
        let diagnoses: Vec<Value> = judgement.diagnoses.iter().map(diagnosis_json).collect();
        json!({
            "schema": 1,
            "claim": self.claim,
            "reading": self.reading,
            "layout": self.layout.to_string(),
            "verdict": word,
            "verification": {
                "verdict": verdict.name(), "method": method, "sizes": sizes, "reason": reason,
            },
            "diagnoses": diagnoses,
            "unfit": judgement.unread.as_ref().map(|error| error.message.clone()),
            "shapes": judgement.shapes.as_ref().map(|(found, expected)| {
                json!({"claim": found, "derivative": expected})
            }),
            "answer": self.answer.as_ref().map(|[text, source]| json!({"text": text, "source": source})),
            "example": judgement.example.as_ref().map(example_json),
        })
        .to_string()
    }
}

/// A wrong claim as it is told.
pub(crate) struct Refutation<'a> {
    pub(crate) judgement: &'a Judgement,
    /// The text in which the places of the claim are.
    pub(crate) claim: &'a str,
    /// The text in which the places of the program are.
    pub(crate) program: &'a str,
    /// Gradus' own answer.
    pub(crate) answers: Vec<String>,
    /// Whether the claim is a side of an equation, and not a derivative.
    pub(crate) of_sides: bool,
}

impl Refutation<'_> {
    /// What is wrong, as lines of text.
    pub(crate) fn text(&self, language: Language) -> String {
        let judgement = self.judgement;
        let said = |words: Words| words.text(language);
        let colon = said(phrases::COLON);
        let reasons: Vec<String> =
            judgement.diagnoses.iter().map(|found| tell(found, language)).collect();
        let first = match (reasons.first(), &judgement.unread, &judgement.shapes) {
            (Some(reason), ..) => reason.clone(),
            (None, Some(error), _) => self.unfit(phrases::UNFIT, error, language),
            (None, None, Some(shapes)) => self.shapes(shapes, language),
            (None, None, None) if self.of_sides => said(phrases::SIDES_DIFFER).to_owned(),
            (None, None, None) => said(phrases::NO_DIAGNOSIS).to_owned(),
        };
        let mut lines = vec![format!("{}{colon}{first}", said(self.false_word()))];
        if let Some(first) = judgement.diagnoses.first() {
            lines.extend(self.place(first, language));
        }
        for reason in reasons.iter().skip(1) {
            lines.push(format!("  {}{colon}{reason}", said(phrases::OR)));
        }
        match (&judgement.unread, &judgement.shapes) {
            (Some(_), _) if reasons.is_empty() => lines.extend(self.unread_place(language)),
            (Some(error), _) => {
                lines.push(format!("  {}", self.unfit(phrases::AS_IT_STANDS, error, language)));
                lines.extend(self.unread_place(language));
            }
            (None, Some(shapes)) if !reasons.is_empty() => {
                lines.push(format!("  {}", self.shapes(shapes, language)));
            }
            _ => {}
        }
        for (at, answer) in self.answers.iter().enumerate() {
            lines.push(match at {
                0 => format!("  {}", said(phrases::ANSWER).replace("{answer}", answer)),
                _ => format!("    {answer}"),
            });
        }
        if let Some(example) = &judgement.example {
            let words = if self.of_sides { phrases::SIDES } else { phrases::EXAMPLE };
            lines.push(format!("  {}", example_text(example, words, language)));
        }
        lines.join("\n")
    }

    /// What is said of a claim whose parts do not fit together.
    fn unfit(&self, words: Words, error: &Diagnostic, language: Language) -> String {
        let span = error.labels.first().map(|label| label.span).unwrap_or_default();
        let part = self.claim.get(span.start as usize..span.end as usize).unwrap_or_default();
        words.text(language).replace("{message}", &error.message).replace("{part}", part)
    }

    fn false_word(&self) -> Words {
        let first = self.judgement.diagnoses.first();
        match first.is_some_and(|first| first.mistake == Mistake::Assumption) {
            true => phrases::FALSE_IN_GENERAL,
            false => phrases::FALSE,
        }
    }

    fn shapes(&self, (found, expected): &(String, String), language: Language) -> String {
        let words = if self.of_sides { phrases::SHAPES_OF_SIDES } else { phrases::SHAPES };
        let text = words.text(language);
        text.replace("{found}", found).replace("{expected}", expected)
    }

    /// The lines that mark the place of a mistake.
    fn place(&self, diagnosis: &Diagnosis, language: Language) -> Vec<String> {
        let (span, source) = match diagnosis.place {
            Some(Place::Claim(span)) => (span, self.claim),
            Some(Place::Program(span)) => (span, self.program),
            None => return Vec::new(),
        };
        let text = match diagnosis.place {
            Some(Place::Claim(_)) if !diagnosis.instead.is_empty() => {
                phrases::SHOULD_BE.text(language).replace("{instead}", &diagnosis.instead)
            }
            _ => String::new(),
        };
        let mut shown = Diagnostic::note("claim", "").label(span, text.clone());
        for place in &diagnosis.also {
            if let Place::Claim(span) = place {
                shown = shown.label(*span, text.clone());
            }
        }
        snippet(shown, source)
    }

    /// The place where the parts do not fit together.
    fn unread_place(&self, language: Language) -> Vec<String> {
        let Some(error) = &self.judgement.unread else { return Vec::new() };
        let mut shown = Diagnostic::note("claim", "");
        shown.labels.clone_from(&error.labels);
        if language != Language::English {
            for label in &mut shown.labels {
                for (english, own) in phrases::SIZES {
                    label.text = label.text.replace(english, own);
                }
            }
        }
        snippet(shown, self.claim)
    }
}

/// The snippet of a message without its first line.
fn snippet(diagnostic: Diagnostic, source: &str) -> Vec<String> {
    let text = render_text(&diagnostic, source);
    text.lines().skip(1).map(str::to_owned).collect()
}

pub(crate) fn diagnosis_json(diagnosis: &Diagnosis) -> Value {
    let (place, text) = match diagnosis.place {
        Some(Place::Claim(span)) => (Some(span), "claim"),
        Some(Place::Program(span)) => (Some(span), "program"),
        None => (None, "claim"),
    };
    let also: Vec<Value> = diagnosis
        .also
        .iter()
        .map(|place| match place {
            Place::Claim(span) | Place::Program(span) => {
                json!({"start": span.start, "end": span.end})
            }
        })
        .collect();
    json!({
        "mistake": diagnosis.mistake.name(),
        "also": also,
        "place": place.map(|span| json!({"in": text, "start": span.start, "end": span.end})),
        "found": diagnosis.found,
        "instead": diagnosis.instead,
        "repaired": diagnosis.repaired,
        "message": {
            "en": tell(diagnosis, Language::English), "zh": tell(diagnosis, Language::Chinese),
        },
    })
}

fn example_text(example: &Example, words: Words, language: Language) -> String {
    let values: Vec<String> =
        example.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let text = words
        .text(language)
        .replace("{values}", &values.join(", "))
        .replace("{expected}", &example.expected)
        .replace("{claimed}", &example.claimed);
    let is_scalar = !example.expected.starts_with('[');
    if example.entries.is_empty() || is_scalar {
        return text;
    }
    let shown = example.entries.iter().take(MOST_ENTRIES);
    let mut entries: Vec<String> =
        shown.map(|entry| format!("({},{})", entry.row, entry.column)).collect();
    if example.entries.len() > MOST_ENTRIES {
        entries.push("…".to_owned());
    }
    let differ = phrases::ENTRIES.text(language).replace("{entries}", &entries.join(" "));
    format!("{text}{}{differ}", phrases::SEMICOLON.text(language))
}

pub(crate) fn example_json(example: &Example) -> Value {
    let values: serde_json::Map<String, Value> =
        example.values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let entries: Vec<Value> = example
        .entries
        .iter()
        .map(|entry| {
            json!({"row": entry.row, "column": entry.column, "derivative": entry.expected, "claim": entry.claimed})
        })
        .collect();
    json!({
        "values": values,
        "derivative": example.expected,
        "claim": example.claimed,
        "entries": entries,
    })
}
