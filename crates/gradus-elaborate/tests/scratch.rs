//! scratch
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use gradus_elaborate::{elaborate, Options, Source, Program};
use gradus_syntax::{parse_declarations, parse_with};

fn go(lets: &str, exprs: &[&str], same: bool) -> Result<Program, String> {
    let d = if lets.is_empty() { None } else { Some(parse_declarations(lets).into_result().map_err(|e| format!("{e:?}"))?.0) };
    let names: Vec<&str> = lets.split(';').filter_map(|l| l.split(':').next()).map(str::trim).filter(|n| !n.is_empty()).collect();
    let mut trees = vec![];
    for e in exprs { trees.push(parse_with(e, &names).into_result().map_err(|e| format!("{e:?}"))?.0); }
    let sources: Vec<Source> = exprs.iter().zip(&trees).map(|(e,t)| Source::new(e,t)).collect();
    let ds: Vec<Source> = d.iter().map(|d| Source::new(lets, d)).collect();
    elaborate(&sources, &Options{declarations: &ds, same_shape: same}).map_err(|e| gradus_diagnostics::render_text(&e, exprs[0]))
}
fn reading(p: &Program) -> String {
    p.reading.names.iter().map(|r| format!("{} {}{}", p.tree.variable(r.variable).name, r.kind, if r.departure {"!"} else {""})).collect::<Vec<_>>().join(", ")
}

#[test]
fn seeds() {
    let Ok(text) = std::fs::read_to_string("/tmp/gradus_seeds.tsv") else { return };
    for line in text.lines() {
        let f: Vec<&str> = line.split('\t').collect();
        let (id, part, kind, lets) = (f[0], f[1], f[2], f[3]);
        if part == "limits-and-integrals" { continue }
        if kind == "identity" {
            if f.len() < 5 { continue }
            if let Err(e) = go(lets, &f[4..], true) { println!("{id} {part}: {} :: {:?}", e, &f[4..]); }
        } else {
            match go(lets, &f[4..5], false) {
                Err(e) => println!("{id} {part}: {e}"),
                Ok(mut p) => {
                    let names: Vec<String> = p.tree.variables.iter().map(|v| v.name.clone()).collect();
                    let names: Vec<&str> = names.iter().map(|s| s.as_str()).collect();
                    for exp in &f[5..] {
                        let t = parse_with(exp, &names).into_result().unwrap().0;
                        if let Err(e) = p.read_back(&Source::new(exp, &t)) { println!("{id} {part}: read back {}", gradus_diagnostics::render_text(&e, exp)); }
                    }
                }
            }
        }
    }
}

#[test]
fn undeclared() {
    for e in ["norm2(X*w - y)^2", "Y = sigmoid(W*X); tr(Y'*M*Y)", "0.5*x'*A*x", "A*exp(x)", "sin(x)'*y", "(y.*v)'*x", "a^b", "norm2(A*x-y)^2",
      "sum(log(exp(-y.*(X*w)) + vector(1)))", "tr(A*X'*B*X*C)", "log(det(inv(X)))", "B*-inv(X)*b", "x ' * y", "x.^(-1)", "x.^(1/p)", "GR*T.^4",
      "a'*X*b", "a'*x + b'*y", "X + matrix(1/a) + Z*Z'*matrix(2)", "vector(1)'*x + vector(1)'*y", "(A+eye)*x", "K + s*eye", "y'*inv(K+s*eye)*y+log(det(K+s*eye))",
      "x0'*covmatr*x0", "oneROWKp'*x*lambda", "2*L*x'*x", "X*y - z'", "x*y", "sum(x)/N", "sum[i](x[i]*y[i])", "sum[i,j](X[i,j]^2)", "sum[i](a[i])", "J[i,j] = A[i,k]*B[k,j]",
      "dX -> A*dX*B", "f(X)", "sigmiod(x)", "X^0.5", "X^2", "x^2", "exp(X)*X*x", "a + X*X", "swish(x) = x.*sigmoid(x); sum(swish(W*x))", "f(x) = g(x); g(x) = f(x); f(y)",
      "ones'*A*ones", "A*ones - y", "x'*ones", "eye + 1", "eye", "tr(eye)", "c/A", "1/x", "x[1:k]'*y", "[1, 2; 3, 4]*x", "[A, b; b', 1]", "x[i]", "sum[i](x)", "sum[i](x[i]*A[i,i]*y[i]) + sum[i](z[i])",
      "1'*x", "kron(A,B)*x", "vec(X)'*y", "y/A", "A\\b", "W2*tanh(W1*x+u)-y", "-y'*log(softmax(W*x))", "tr(X)+tr(X^2)","sin(tr(X))","(x'*y)*x","tr(X^m)", "exp(x'*A*x)", "x(y)", "a'*b", "mean[i](x[i])", "f.(W*X)", "A'(t)", "dX*Y + X*dY", "norm1(x)+‖X‖", "max(x, 0)"] {
        match go("", &[e], false) {
            Ok(p) => { let s = p.tree.shape(p.results[0]); println!("{e:45} {} -> {}×{} {:?}", reading(&p), p.tree.dimensions.display(s.rows), p.tree.dimensions.display(s.columns), p.notes.iter().map(|n| n.message.clone()).collect::<Vec<_>>()); }
            Err(m) => println!("{e}\n{m}"),
        }
    }
}

#[test]
fn declared() {
    for (l, e) in [("X: matrix(m,n); Y: matrix(m,n)", "tr(X*Y)"), ("X: matrix(m,n); y: vector(m)", "X*y"), ("X: matrix(m,n); y: vector(n)", "X + y"), ("L: matrix(m,n); x: vector(k)", "2*L*x'*x"),
        ("M: symmetric", "Y = sigmoid(W*X); tr(Y'*M*Y)"), ("f: function", "f(A*X*B)"), ("f: function", "grad_f(X)*hess_f(x)"), ("A: matrix(m,n)(t)", "A(t)*A'(t)'"), ("A: matrix(m,m)(t)", "tr(A)"), ("T: scalar", "X^T"), ("x: vector(d)[N]; c: vector(d)", "sum[i]((x[i]-c)'*inv(S)*(x[i]-c))/N"), ("x: vector(d)[N]; y: scalar[M]","sum[i](x[i]*y[i])"), ("x: vector(d)[N]", "x'*x"), ("sin: vector(n)", "sum(sin)"), ("x: vector(n); x: scalar", "x"), ("x: vectr(n)", "x"), ("A: matrix(n)", "A"), ("x: vector(n); k: scalar", "x[k]"), ("n: vector(n)", "n'*n"), ("A: matrix(k*n,k*n)", "tr(kron(B,C)*A)"), ("X: symmetric matrix", "X*y"), ("y: onehot", "y'*x"),("f: scalar(t)","f(t)^2 + f'(t)"), ("x: vector(2)", "x[3]"), ("x: vector(n)", "x[1:k]"), ("A: matrix(m,n)", "A^2"), ("A: matrix(m,n)", "det(A)"), ("x: vector(n)", "x*x"), ("A: matrix(m,n)", "2^A"), ("A: matrix(m,m)", "3/A"), ("A: matrix(m,n)", "expm(A)"), ("A: matrix(m,n)", "norm2(A, 3)"), ("A: matrix(m,n); B: matrix(k,n)", "[A, B]"), ("pi: scalar","pi*2"), ("z: complex vector(n)", "z^H*z"), ("e: scalar", "Y = e; Y = e"), ("Y: scalar", "Y = 2; Y"), ("", "Z = Y; Y = x; Z"), ("x: vector(n)", "x; x")] {
        match go(l, &[e], false) {
            Ok(p) => { let s = p.tree.shape(p.results[0]); println!("{l} |- {e:45} {} -> {}×{} {:?} cond {:?}", reading(&p), p.tree.dimensions.display(s.rows), p.tree.dimensions.display(s.columns), p.notes.iter().map(|n| n.message.clone()).collect::<Vec<_>>(), p.conditions.iter().map(|c| p.tree.dimensions.display(*c)).collect::<Vec<_>>()); }
            Err(m) => println!("{l} |- {e}\n{m}"),
        }
    }
}

#[test]
fn rules() {
    let book = gradus_functions::book();
    for (id, f) in book.iter() {
        for s in 0..f.signatures.len() {
            if !f.differential.is_empty() && let Err(e) = gradus_elaborate::rule_book().differential(id, s) { println!("{e}"); }
            if matches!(f.meaning, gradus_functions::Meaning::Expansion(_)) && let Err(e) = gradus_elaborate::rule_book().expansion(id, s) { println!("{e}"); }
            if matches!(f.exact, gradus_functions::Exact::Expansion(_)) && let Err(e) = gradus_elaborate::rule_book().exact(id, s) { println!("{e}"); }
        }
    }
}

#[test]
fn speed() {
    use std::time::Instant;
    for (l, e) in [("X: matrix(m,n); w: vector(n); y: vector(m)", "norm2(X*w - y)^2"), ("", "norm2(X*w - y)^2"), ("", "a'*X*b"), ("", "sum(log(exp(-y.*(X*w)) + vector(1)))"), ("","y'*inv(K+s*eye)*y+log(det(K+s*eye))")] {
        let d = parse_declarations(l).tree; let t = gradus_syntax::parse(e).tree;
        let ds = if l.is_empty() { vec![] } else { vec![Source::new(l,&d)] };
        let mut best = f64::MAX;
        let mut p = None;
        for _ in 0..2000 { let s = Instant::now(); p = Some(elaborate(&[Source::new(e,&t)], &Options{declarations:&ds, same_shape:false}).unwrap()); best = best.min(s.elapsed().as_secs_f64()); }
        println!("{e}: {:.2} us", best*1e6);
        if e.starts_with("norm2") {
            let mut p = p.unwrap();
            let a = "2*X'*(X*w - y)"; let t = gradus_syntax::parse(a).tree;
            let mut best = f64::MAX;
            for _ in 0..2000 { let s = Instant::now(); p.read_back(&Source::new(a,&t)).unwrap(); best = best.min(s.elapsed().as_secs_f64()); }
            println!("  read back {:.2} us", best*1e6);
        }
    }
    let mut text = String::from("H1 = tanh(W1*x)");
    for i in 2..=10_000 { text.push_str(&format!("; H{i} = tanh(W{i}*H{})", i-1)); }
    text.push_str("; sum(H10000)");
    let s = Instant::now(); let t = gradus_syntax::parse(&text).tree; println!("parse {:?}", s.elapsed());
    let s = Instant::now(); let p = elaborate(&[Source::new(&text,&t)], &Options::default()).unwrap(); println!("layers {:?} {}", s.elapsed(), p.reading.names.len());
    let text = (0..20_000).map(|i| format!("x{i}*y")).collect::<Vec<_>>().join(" + ");
    let t = gradus_syntax::parse(&text).tree;
    let s = Instant::now(); let e = elaborate(&[Source::new(&text,&t)], &Options::default()); println!("terms fail {:?} {:?}", s.elapsed(), e.map(|_|()).map_err(|e| e.message.clone()));
    let text = (0..20_000).map(|i| format!("x{i}'*y")).collect::<Vec<_>>().join(" + ");
    let t = gradus_syntax::parse(&text).tree;
    let s = Instant::now(); elaborate(&[Source::new(&text,&t)], &Options::default()).unwrap(); println!("terms {:?}", s.elapsed());
    let text = format!("{}x{}", "sin(".repeat(9000), ")".repeat(9000));
    let t = gradus_syntax::parse(&text).into_result().unwrap().0;
    let s = Instant::now(); elaborate(&[Source::new(&text,&t)], &Options::default()).unwrap(); println!("nested {:?}", s.elapsed());
    let text = format!("{}x", (0..5000).map(|i| format!("y{i} + [y{};1]; ", i+1)).map(|s| format!("t{} = {}", s.len(), s)).collect::<String>());
    let _ = text;
    let mut text = String::new();
    for i in 0..3000 { text.push_str(&format!("t{i} = y{i} + [y{};1]; ", i+1)); }
    text.push_str("x");
    let t = gradus_syntax::parse(&text).into_result().unwrap().0;
    let s = Instant::now(); let r = elaborate(&[Source::new(&text,&t)], &Options::default()); println!("chain {:?} {:?}", s.elapsed(), r.map(|_|()));
    let mut text = String::from("f0(x) = x + x; ");
    for i in 1..60 { text.push_str(&format!("f{i}(x) = f{}(f{}(x)); ", i-1, i-1)); }
    text.push_str("f59(x)");
    let t = gradus_syntax::parse(&text).into_result().unwrap().0;
    let s = Instant::now(); let r = elaborate(&[Source::new(&text,&t)], &Options::default()); println!("blowup {:?} {:?}", s.elapsed(), r.map(|_|()));
}
