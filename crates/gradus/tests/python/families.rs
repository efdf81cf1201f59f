//! Emitted modules with second derivatives by families, and with derivatives in one column, against
//! differences of their values.
//!
//! Must not know how code is emitted.

use std::fs;
use std::path::PathBuf;

use gradus::{Order, Output, Request};
use serde_json::{Value, json};

/// Declarations, program, order, and whether the derivatives stand in one column.
const CASES: &[(&[&str], &str, u32, bool)] = &[
    (&["x: vector(d)[N]", "c: vector(d)"], "sum[i]((x[i]-c)'*inv(S)*(x[i]-c))", 2, false),
    (&["x: vector(d)[N]"], "sum[i](sum[j](exp(-norm2(x[i]-x[j])^2)))", 2, false),
    (&["x: vector(d)[N]", "a: vector(d)"], "log(sum[i](exp(a'*x[i])))", 2, false),
    (&["x: vector(d)[N]", "a: vector(d)"], "log(sum[i](exp(a'*x[i])))", 1, false),
    (&["X: matrix(m,m)[N]"], "sum[i](logdet(X[i]))", 2, false),
    (&["x: scalar[N]", "c: scalar"], "sum[i](exp(c*x[i]))", 2, false),
    (&["x: vector(d)[N]", "a: vector(d)"], "sum[i](exp(a'*x[i]))", 1, true),
    (&[], "norm2(Y - A*X)^2", 1, true),
    (&["s: scalar"], "s*A*X", 1, true),
];

#[test]
fn emitted_modules_of_second_derivatives_by_families_check_themselves() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("family-modules");
    fs::create_dir_all(&folder).unwrap();
    let entry = |(at, (lets, expr, order, stack)): (usize, &(&[&str], &str, u32, bool))| {
        let mut request = Request::new(*expr);
        request.declarations = lets.iter().map(|text| (*text).to_owned()).collect();
        request.order = Order(*order);
        request.stack = *stack;
        let answer = gradus::diff(&request).unwrap_or_else(|failure| panic!("{expr}: {failure}"));
        let module = answer.print(Output::Numpy);
        let module = module.unwrap_or_else(|failure| panic!("{expr}: {failure}"));
        let path = folder.join(format!("case_{at}.py"));
        fs::write(&path, module).unwrap();
        json!({ "id": format!("case-{at}"), "expr": expr, "path": path.to_str().unwrap() })
    };
    let entries: Vec<Value> = CASES.iter().enumerate().map(entry).collect();
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    crate::run("check.py", &[list, PathBuf::from("1e-3")]);
}
