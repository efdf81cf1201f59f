//! Minima as text, in English and Chinese.
//!
//! Must not know how they are found.

use gradus_diagnostics::Language;
use gradus_verify::Array;

use super::Minimum;
use crate::convexity::Curvature;

/// Arrays with more entries are summarised.
const MOST_ENTRIES: usize = 24;
/// Of a summarised array so many entries are shown.
const SHOWN: usize = 4;

impl Minimum {
    /// Whether it is known to be the least value of all, or the greatest.
    #[must_use]
    pub fn is_global(&self) -> bool {
        let wanted = if self.maximize { Curvature::Concave } else { Curvature::Convex };
        self.curvature == wanted || self.curvature == Curvature::Affine
    }

    /// The minimum with its certificate.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let english = language == Language::English;
        let (head, word) = match (self.maximize, english) {
            (false, true) => ("minimum", "convex"),
            (true, true) => ("maximum", "concave"),
            (false, false) => ("最小值", "凸"),
            (true, false) => ("最大值", "凹"),
        };
        let mut lines = vec![format!("{head} f = {}", number(self.value))];
        for (name, value) in &self.values {
            lines.push(format!("  {name} = {}", array(value, english)));
        }
        let (gradient, relative) = (self.gradient, self.relative);
        lines.push(match english {
            true => format!(
                "gradient: norm {gradient:.1e}, {relative:.1e} of that at the start; {} steps, {} evaluations",
                self.steps, self.evaluations
            ),
            false => format!(
                "梯度：范数 {gradient:.1e}，为起点的 {relative:.1e}；{} 步，{} 次求值",
                self.steps, self.evaluations
            ),
        });
        let (least, greatest) = (self.bowl.least, self.bowl.greatest);
        let all = self.bowl.directions >= self.entries;
        lines.push(match (english, all) {
            (true, true) => format!("curvature: from {least:.3e} to {greatest:.3e}"),
            (true, false) => format!(
                "curvature: from {least:.3e} to {greatest:.3e} along {} Krylov directions",
                self.bowl.directions
            ),
            (false, true) => format!("曲率：从 {least:.3e} 到 {greatest:.3e}"),
            (false, false) => format!(
                "曲率：沿 {} 个 Krylov 方向从 {least:.3e} 到 {greatest:.3e}",
                self.bowl.directions
            ),
        });
        lines.push(match (self.is_global(), english) {
            (true, true) => format!("global {head}: the function is {word}"),
            (true, false) => format!("全局{head}：函数为{word}函数"),
            (false, true) => format!("stationary point; whether the {head} is global is not known"),
            (false, false) => format!("驻点；是否为全局{head}未知"),
        });
        lines.join("\n")
    }
}

/// A number with six significant digits.
fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e7).contains(&size) {
        return format!("{value:.6e}");
    }
    let before = if size >= 1.0 { size.log10().floor() as i32 + 1 } else { 0 };
    let digits = usize::try_from(6 - before).unwrap_or(0);
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn array(value: &Array, english: bool) -> String {
    let (rows, columns) = (value.rows, value.columns);
    if value.entries.len() == 1 {
        return number(value.entries[0]);
    }
    if value.entries.len() <= MOST_ENTRIES && value.family.is_empty() {
        let row = |row: &[f64]| row.iter().map(|it| number(*it)).collect::<Vec<_>>().join(", ");
        let rows: Vec<String> = value.entries.chunks(columns.max(1)).map(row).collect();
        return format!("[{}]", rows.join("; "));
    }
    let mut shape: Vec<String> = value.family.iter().map(ToString::to_string).collect();
    if (rows, columns) != (1, 1) || shape.is_empty() {
        shape.push(if columns == 1 { rows.to_string() } else { format!("{rows}×{columns}") });
    }
    let first: Vec<String> = value.entries.iter().take(SHOWN).map(|it| number(*it)).collect();
    let least = value.entries.iter().fold(f64::INFINITY, |a, b| a.min(*b));
    let greatest = value.entries.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
    let (from, to) = (number(least), number(greatest));
    match english {
        true => format!(
            "{} array [{}, …], entries from {from} to {to}",
            shape.join("×"),
            first.join(", ")
        ),
        false => {
            format!("{} 数组 [{}, …]，元素从 {from} 到 {to}", shape.join("×"), first.join(", "))
        }
    }
}
