//! Emitted modules with complex variables against automatic differentiation.
//!
//! Must not know how code is emitted.

use std::fs;
use std::path::PathBuf;

use gradus::{Order, Output, Request};
use serde_json::{Value, json};

/// Declarations, program, variable, order, and the function in Python.
type Case = (&'static [&'static str], &'static str, &'static str, u32, &'static str);

const CASES: &[Case] = &[
    (
        &["A: complex matrix(m,n)", "z: complex vector(n)", "b: complex vector(m)"],
        "norm2(A*z - b)^2",
        "z",
        1,
        "lambda A, z, b: jnp.sum(jnp.abs(A @ z - b) ** 2)",
    ),
    (
        &["A: complex matrix(m,n)", "z: complex vector(n)", "b: complex vector(m)"],
        "norm2(A*z - b)^2",
        "z",
        2,
        "lambda A, z, b: jnp.sum(jnp.abs(A @ z - b) ** 2)",
    ),
    (
        &["A: hermitian(n)", "z: complex vector(n)"],
        "z^H*A*z",
        "z",
        2,
        "lambda A, z: jnp.real(jnp.conj(z) @ A @ z)",
    ),
    (
        &["A: complex matrix(n,n)", "z: complex vector(n)"],
        "real(z^T*A*z) + norm2(z)^4",
        "z",
        2,
        "lambda A, z: jnp.real(z @ A @ z) + jnp.sum(jnp.abs(z) ** 2) ** 2",
    ),
    (
        &["A: complex matrix(n,n)", "z: complex vector(n)"],
        "z^H*A*z",
        "z",
        1,
        "lambda A, z: jnp.conj(z) @ A @ z",
    ),
    (&["Z: complex matrix(m,n)"], "Z^H*Z", "Z", 1, "lambda Z: jnp.conj(Z).T @ Z"),
    (
        &["Z: complex matrix(m,n)", "A: hermitian(m)"],
        "tr(Z^H*A*Z)",
        "Z",
        2,
        "lambda Z, A: jnp.real(jnp.trace(jnp.conj(Z).T @ A @ Z))",
    ),
    (
        &["Z: complex matrix(n,n)", "A: complex matrix(n,n)"],
        "real(tr(inv(Z)*A))",
        "Z",
        1,
        "lambda Z, A: jnp.real(jnp.trace(jnp.linalg.inv(Z) @ A))",
    ),
    (
        &["h: complex vector(n)", "w: complex vector(n)", "s: positive scalar"],
        "abs(h^H*w)^2/(norm2(w)^2 + s)",
        "w",
        1,
        "lambda h, w, s: jnp.abs(jnp.conj(h) @ w) ** 2 / (jnp.sum(jnp.abs(w) ** 2) + s)",
    ),
    (
        &["z: complex scalar", "x: scalar"],
        "exp(z)*conj(z)*x",
        "z",
        1,
        "lambda z, x: jnp.exp(z) * jnp.conj(z) * x",
    ),
    (
        &["z: complex scalar"],
        "abs(z)^4 + real(z^3)",
        "z",
        2,
        "lambda z: jnp.abs(z) ** 4 + jnp.real(z**3)",
    ),
    (
        &["A: complex matrix(n,n)", "z: complex vector(n)"],
        "(A*z).*conj(z)",
        "z",
        1,
        "lambda A, z: (A @ z) * jnp.conj(z)",
    ),
    (
        &["H: complex matrix(m,n)", "Q: hermitian(n)"],
        "real(tr(H*Q*Q*H^H))",
        "H",
        1,
        "lambda H, Q: jnp.real(jnp.trace(H @ Q @ Q @ jnp.conj(H).T))",
    ),
    (
        &["X: complex matrix(n,m)", "A: complex matrix(n,n)"],
        "det(X^H*A*X)",
        "X",
        1,
        "lambda X, A: jnp.linalg.det(jnp.conj(X).T @ A @ X)",
    ),
];

#[test]
fn emitted_modules_by_complex_variables_agree_with_automatic_differentiation() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("complex-modules");
    fs::create_dir_all(&folder).unwrap();
    let entry = |(at, (lets, expr, wrt, order, oracle)): (usize, &Case)| {
        let mut request = Request::new(*expr);
        request.declarations = lets.iter().map(|text| (*text).to_owned()).collect();
        request.variables = vec![(*wrt).to_owned()];
        request.order = Order(*order);
        let answer = gradus::diff(&request).unwrap_or_else(|failure| panic!("{expr}: {failure}"));
        let module = answer.print(Output::Numpy);
        let module = module.unwrap_or_else(|failure| panic!("{expr}: {failure}"));
        let path = folder.join(format!("case_{at}.py"));
        fs::write(&path, module).unwrap();
        json!({
            "id": format!("{expr} by {wrt}, order {order}"),
            "path": path.to_str().unwrap(),
            "let": lets,
            "wrt": wrt,
            "order": order,
            "sizes": { "m": 3, "n": 4 },
            "oracle": oracle,
        })
    };
    let entries: Vec<Value> = CASES.iter().enumerate().map(entry).collect();
    let list = folder.join("cases.json");
    fs::write(&list, Value::from(entries).to_string()).unwrap();
    crate::run("complex.py", &[list]);
}
