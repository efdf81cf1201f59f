#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod common;
use gradus_verify::{Form, Layout};
use std::time::Instant;
#[test]
fn seeds() {
    let text = std::fs::read_to_string("/tmp/gradus/seeds.tsv").unwrap();
    let mut counts = std::collections::BTreeMap::new();
    let mut times = vec![];
    for line in text.lines() {
        let f: Vec<&str> = line.split('\t').collect();
        let (id, kind, lets, expr) = (f[0], f[1], f[2], f[3]);
        let lets = lets.replace('|', ";");
        let t = Instant::now();
        let verdict = match kind {
            "identity" => {
                let sides: Vec<&str> = expr.split('|').collect();
                common::read(&lets, &sides, true).map(|p| {
                    let s: Vec<_> = p.results.iter().map(|r| gradus_verify::Expression{tree:&p.tree, root:*r}).collect();
                    let t = Instant::now();
                    let v = gradus_verify::check_equal(&s, &gradus_verify::Settings::default());
                    times.push((t.elapsed().as_secs_f64()*1e3, id.to_owned()));
                    v
                })
            }
            "differential" => common::try_claims(&lets, expr, Form::Differential, 1, &[(f[4], f[5])]),
            "denominator" => common::try_claims(&lets, expr, Form::Array(Layout::Denominator), 1, &[(f[4], f[5])]),
            _ => common::try_claims(&lets, expr, Form::Array(Layout::Numerator), 1, &[(f[4], f[5])]),
        };
        let _ = t;
        if kind != "identity" { times.push((t.elapsed().as_secs_f64()*1e3, id.to_owned())); }
        let name = match &verdict { Ok(v) => v.name().to_owned(), Err(_) => "unread".to_owned() };
        if !matches!(name.as_str(), "proved"|"confirmed") || name=="confirmed" { println!("{id} {kind} {expr} || {} => {}", f.last().unwrap(), match &verdict { Ok(v)=>format!("{v:?}"), Err(e)=>e.clone()}); }
        *counts.entry((kind.to_owned(), name)).or_insert(0) += 1;
    }
    times.sort_by(|a,b| a.0.partial_cmp(&b.0).unwrap());
    println!("{counts:?}\nmedian {:?} p90 {:?} max {:?}", times[times.len()/2], times[times.len()*9/10], &times[times.len()-5..]);
}
