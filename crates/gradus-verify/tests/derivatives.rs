//! Claims about derivatives in every layout and form, right ones and damaged ones.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{claims, differential, gradient};
use gradus_verify::{Array, Difference, Expression, Form, Layout, Settings, Verdict, evaluate};

const LETS: &str = "A: matrix(m,n); B: matrix(n,m); C: matrix(n,n); X: matrix(n,n); Z: matrix(m,n); W: matrix(m,n); \
                    x: vector(n); y: vector(n); b: vector(m); t: scalar; p: positive vector(n)";

fn array(layout: Layout, text: &str, wrt: &str, claim: &str) -> Verdict {
    claims(LETS, text, Form::Array(layout), 1, &[(wrt, claim)])
}

#[test]
fn right_gradients_are_verified() {
    for (text, wrt, claim, name) in [
        ("x'*C*x", "x", "(C+C')*x", "proved"),
        ("norm2(A*x-b)^2", "x", "2*A'*(A*x-b)", "proved"),
        ("norm2(x)", "x", "x/norm2(x)", "proved"),
        ("tr(A*B)", "A", "B'", "proved"),
        ("tr(inv(X)*C)", "X", "-(inv(X)*C*inv(X))'", "proved"),
        ("logdet(X)", "X", "inv(X)'", "proved"),
        ("det(X)", "X", "adj(X)'", "proved"),
        ("det(X*diag(x))", "x", "det(X*diag(x))./x", "proved"),
        ("log(det(X))", "X", "inv(X)'", "proved"),
        ("sum(log(1+exp(-y.*x)))", "x", "-y.*sigmoid(-y.*x)", "proved"),
        ("logsumexp(x)", "x", "softmax(x)", "proved"),
        ("-y'*log(softmax(x))", "x", "sum(y)*softmax(x)-y", "proved"),
        ("b'*f.(A*x)", "x", "A'*(b.*f'.(A*x))", "proved"),
        ("sum(sin(x).*cos(x))", "x", "cos(x).^2-sin(x).^2", "proved"),
        ("sum(tanh(W*x))", "W", "(1-tanh(W*x).^2)*x'", "proved"),
        ("sum(relu(x))", "x", "step(x)", "proved"),
        ("norm1(x)", "x", "sign(x)", "proved"),
        ("sum(max(x,y))", "x", "(1+sign(x-y))/2", "proved"),
        ("sum(erf(x))", "x", "2/sqrt(pi)*exp(-x.^2)", "proved"),
        ("sum(x.^3)", "x", "3*x.^2", "proved"),
        ("sum(p.^t)", "t", "sum(p.^t.*log(p))", "proved"),
        ("tr(X^3)", "X", "3*(X^2)'", "proved"),
        ("sum(C\\x)", "x", "inv(C)'*ones(n)", "proved"),
        ("t^3", "t", "3*t^2", "proved"),
        ("b'*b", "x", "0*x", "proved"),
        ("sum(exp(x))*0", "x", "0*x", "proved"),
        ("sum(log(x.*y))", "x", "1./x", "proved"),
        ("sum(sqrt(p))", "p", "1./(2*sqrt(p))", "proved"),
        ("x'*C*x/(x'*x)", "x", "((C+C')*x)/(x'*x) - 2*(x'*C*x)*x/(x'*x)^2", "proved"),
    ] {
        let verdict =
            common::try_claims(LETS, text, Form::Array(Layout::Mixed), 1, &[(wrt, claim)]);
        let found = verdict.as_ref().map_or("unread", Verdict::name);
        assert_eq!(found, name, "{text} by {wrt}: {claim}: {verdict:?}");
    }
}

#[test]
fn damaged_gradients_are_refuted() {
    for (text, wrt, claim) in [
        ("x'*C*x", "x", "2*C*x"),
        ("x'*C*x", "x", "-(C+C')*x"),
        ("x'*C*x", "x", "(C+C')*x*1001/1000"),
        ("x'*C*x", "x", "x'*(C+C')"),
        ("norm2(A*x-b)^2", "x", "2*A'*(A*x)"),
        ("norm2(x)", "x", "x/norm2(x)^2"),
        ("tr(A*B)", "A", "B"),
        ("tr(X*C)", "X", "C"),
        ("tr(inv(X)*C)", "X", "-inv(X)*C*inv(X)"),
        ("logdet(X)", "X", "inv(X)"),
        ("det(X)", "X", "adj(X)"),
        ("det(X)", "X", "tr(X)*eye(n)-X'"),
        ("sum(log(1+exp(-y.*x)))", "x", "y.*sigmoid(-y.*x)"),
        ("sum(log(1+exp(-y.*x)))", "x", "-y.*sigmoid(y.*x)"),
        ("logsumexp(x)", "x", "exp(x)"),
        ("-y'*log(softmax(x))", "x", "softmax(x)-y"),
        ("b'*f.(A*x)", "x", "A'*(b.*f.(A*x))"),
        ("sum(tanh(W*x))", "W", "(1+tanh(W*x).^2)*x'"),
        ("sum(relu(x))", "x", "0*x"),
        ("sum(relu(x))", "x", "ones(n)"),
        ("t*abs(t)", "t", "2*t"),
        ("relu(t)", "t", "0"),
        ("relu(t)", "t", "1"),
        ("norm1(x)", "x", "ones(n)"),
        ("sum(erf(x))", "x", "exp(-x.^2)"),
        ("sum(p.^t)", "t", "sum(p.^t)"),
        ("x'*x", "x", "0*x"),
    ] {
        let verdict = gradient(LETS, text, wrt, claim);
        assert!(verdict.is_refuted(), "{text} by {wrt}: {claim}: {verdict}");
    }
}

#[test]
fn every_layout() {
    use Layout::{Denominator, Mixed, Numerator};
    for (text, wrt, claims) in [
        ("x'*C*x", "x", ["(C+C')*x", "x'*(C+C')", "(C+C')*x"]),
        ("tr(A*B)", "A", ["B'", "B", "B'"]),
        ("A*x", "x", ["A", "A", "A'"]),
        ("sin(A*x)", "x", ["diag(cos(A*x))*A", "diag(cos(A*x))*A", "A'*diag(cos(A*x))"]),
        ("t^2*x", "t", ["2*t*x", "2*t*x", "2*t*x'"]),
        ("t^2*x'", "t", ["2*t*x'", "2*t*x", "2*t*x'"]),
        ("t^2*A", "t", ["2*t*A", "2*t*A", "2*t*A"]),
        ("x'*C", "x", ["C'", "C'", "C"]),
        ("A*X*C", "X", ["kron(C',A)", "kron(C',A)", "kron(C,A')"]),
        ("Z*x", "Z", ["kron(x',eye(m))", "kron(x',eye(m))", "kron(x,eye(m))"]),
        ("Z'", "Z", ["commutation(m,n)", "commutation(m,n)", "commutation(n,m)"]),
        ("x*y'", "x", ["kron(y,eye(n))", "kron(y,eye(n))", "kron(y',eye(n))"]),
    ] {
        for (layout, claim) in [Mixed, Numerator, Denominator].into_iter().zip(claims) {
            let verdict = array(layout, text, wrt, claim);
            assert_eq!(
                verdict.name(),
                "proved",
                "{text} by {wrt} in {layout:?}: {claim}: {verdict:?}"
            );
        }
    }
    for (layout, text, wrt, claim) in [
        (Numerator, "x'*C*x", "x", "(C+C')*x"),
        (Mixed, "A*x", "x", "A'"),
        (Denominator, "A*x", "x", "A"),
        (Mixed, "C*x", "x", "C'"),
        (Denominator, "C*x", "x", "C"),
        (Numerator, "tr(X*C)", "X", "C'"),
        (Denominator, "t^2*x", "t", "2*t*x"),
        (Mixed, "A*X*C", "X", "kron(A,C')"),
        (Mixed, "C*X*C", "X", "kron(C,C)"),
        (Mixed, "Z'", "Z", "commutation(n,m)"),
    ] {
        let verdict = array(layout, text, wrt, claim);
        assert!(verdict.is_refuted(), "{text} by {wrt} in {layout:?}: {claim}: {verdict:?}");
    }
}

#[test]
fn several_gradients_at_once_name_the_wrong_one() {
    let text = "norm2(A*x-b)^2 + t*y'*C*x";
    let right = [
        ("x", "2*A'*(A*x-b) + t*C'*y"),
        ("A", "2*(A*x-b)*x'"),
        ("t", "y'*C*x"),
        ("C", "t*y*x'"),
        ("y", "t*C*x"),
    ];
    let form = Form::Array(Layout::Mixed);
    assert_eq!(claims(LETS, text, form, 1, &right).name(), "proved");
    for position in 0..right.len() {
        let mut damaged = right;
        let wrong = format!("2*({})", right[position].1);
        damaged[position].1 = &wrong;
        let verdict = claims(LETS, text, form, 1, &damaged);
        assert!(
            matches!(verdict, Verdict::Refuted { difference: Difference::Claim(found), .. } if found == position),
            "{verdict:?}"
        );
    }
    let swapped = [("C", "t*x*y'"), ("x", "2*A'*(A*x-b) + t*C'*y")];
    assert!(claims(LETS, text, form, 1, &swapped).is_refuted());
    let shape = claims(LETS, text, form, 1, &[("t", "y'*C*x"), ("A", "(2*(A*x-b)*x')'")]);
    assert!(
        matches!(
            shape,
            Verdict::Refuted { difference: Difference::ClaimShape { claim: 1, .. }, .. }
        ),
        "{shape:?}"
    );
}

#[test]
fn families() {
    let lets = "x: vector(d)[N]; r: scalar[N]; S: matrix(d,d)[N]; c: vector(d); A: matrix(m,d)";
    let (mixed, numerator) = (Layout::Mixed, Layout::Numerator);
    let weighted = "sum[i](r[i]*(x[i] - c)'*S[i]*(x[i] - c))";
    let network = "A*sum[i](r[i]*x[i])";
    for (layout, text, wrt, right, wrong) in [
        (
            mixed,
            weighted,
            "r",
            "G[i] = (x[i] - c)'*S[i]*(x[i] - c)",
            "G[i] = (x[i] - c)'*S[i]*x[i]",
        ),
        (mixed, weighted, "r", "G[i] = (x[i] - c)'*S[i]*(x[i] - c); -(-G)", "r"),
        (
            mixed,
            weighted,
            "x",
            "G[i] = r[i]*(S[i] + S[i]')*(x[i] - c)",
            "G[i] = 2*r[i]*S[i]*(x[i] - c)",
        ),
        (
            numerator,
            weighted,
            "x",
            "G[i] = r[i]*(x[i] - c)'*(S[i] + S[i]')",
            "G[i] = r[i]*(S[i] + S[i]')*(x[i] - c)",
        ),
        (
            mixed,
            weighted,
            "S",
            "G[i] = r[i]*(x[i] - c)*(x[i] - c)'",
            "G[i] = r[i]*x[i]*(x[i] - c)'",
        ),
        (mixed, network, "r", "G[i] = A*x[i]", "G[i] = 2*A*x[i]"),
        (mixed, network, "x", "G[i] = r[i]*A", "G[i] = r[i]*A + r[i]*A"),
        (mixed, "norm2(rows(x)*c)^2", "c", "2*rows(x)'*rows(x)*c", "rows(x)'*rows(x)*c"),
        (mixed, "norm2(rows(x)*c)^2", "x", "2*rows(x)*c*c'", "rows(x)*c*c'"),
        (mixed, "sum(r.^2)", "r", "G[i] = 2*r[i]", "G[i] = r[i]"),
    ] {
        let verdict =
            |claim: &str| common::try_claims(lets, text, Form::Array(layout), 1, &[(wrt, claim)]);
        assert!(verdict(right).unwrap().is_verified(), "{right}");
        assert!(verdict(wrong).map_or(true, |verdict| verdict.is_refuted()), "{wrong}");
    }
    // A name can be bound to a family, and its members used.
    let bound = "h[i] = tanh(A*x[i]); sum[i](norm2(h[i])^2)";
    let right = "h[i] = tanh(A*x[i]); sum[i](2*(h[i] - h[i].^3)*x[i]')";
    let wrong = "h[i] = tanh(A*x[i]); sum[i](2*(h[i] - h[i].^2)*x[i]')";
    let verdict = |claim: &str| claims(lets, bound, Form::Array(mixed), 1, &[("A", claim)]);
    assert!(verdict(right).is_verified());
    assert!(verdict(wrong).is_refuted());
}

#[test]
fn differentials_and_linear_maps() {
    for (text, wrt, claim) in [
        ("inv(X)", "X", "-inv(X)*dX*inv(X)"),
        ("X*C*X", "X,C", "dX*C*X + X*dC*X + X*C*dX"),
        ("adj(X)", "X", "tr(inv(X)*dX)*adj(X) - inv(X)*dX*adj(X)"),
        ("X^3", "X", "dX*X^2 + X*dX*X + X^2*dX"),
        ("softmax(x)", "x", "softmax(x).*dx - softmax(x)*(softmax(x)'*dx)"),
        ("kron(A,B)", "A,B", "kron(dA,B)+kron(A,dB)"),
        ("[x, y]", "x", "[dx, 0*y]"),
        ("diag(x)*C", "x", "diag(dx)*C"),
        ("sum[i](x[i]^2*y[i])", "x", "2*sum[i](x[i]*dx[i]*y[i])"),
    ] {
        let verdict = differential(LETS, text, wrt, claim);
        assert_eq!(verdict.name(), "proved", "{text} by {wrt}: {claim}: {verdict:?}");
    }
    for (text, wrt, claim) in [
        ("inv(X)", "X", "-inv(X)*dX'*inv(X)"),
        ("X*C*X", "X,C", "dX*C*X + X*C*dX"),
        ("X*C*X", "X", "dX*C*X + X*dC*X + X*C*dX"),
        ("adj(X)", "X", "tr(dX)*eye(n) - dX"),
        ("X^3", "X", "3*X^2*dX"),
        ("softmax(x)", "x", "softmax(x).*dx"),
    ] {
        let verdict = differential(LETS, text, wrt, claim);
        assert!(verdict.is_refuted(), "{text} by {wrt}: {claim}: {verdict:?}");
    }
    let map = Form::LinearMap(Layout::Mixed);
    assert_eq!(claims(LETS, "A*X*C", map, 1, &[("X", "A*dX*C")]).name(), "proved");
    assert_eq!(claims(LETS, "tr(X^3)", map, 2, &[("X,X", "3*(dX*X + X*dX)'")]).name(), "proved");
    assert!(claims(LETS, "tr(X^3)", map, 2, &[("X,X", "6*(X*dX)'")]).is_refuted());
}

#[test]
fn second_and_third_derivatives() {
    let form = Form::Array(Layout::Mixed);
    for (text, wrt, claim) in [
        ("x'*C*x", "x,x", "C+C'"),
        ("sum(exp(x))", "x,x", "diag(exp(x))"),
        ("logsumexp(x)", "x,x", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
        ("norm2(x)", "x,x", "eye(n)/norm2(x) - x*x'/norm2(x)^3"),
        ("x'*C*y", "x,y", "C"),
        ("x'*C*y", "y,x", "C'"),
        ("t^2*x'*y", "x,t", "2*t*y"),
        ("t^2*x'*y", "t,x", "2*t*y"),
        ("t^5", "t,t", "20*t^3"),
        ("t^5", "t,t,t", "60*t^2"),
        ("t^3*x", "t,t", "6*t*x"),
        ("sum(f.(A*x))", "x,x", "A'*diag(f''.(A*x))*A"),
        ("tr(X*X)", "X,X", "2*commutation(n,n)"),
        ("tr(X'*C*X)", "X,X", "kron(eye(n), C+C')"),
    ] {
        let verdict = claims(LETS, text, form, 2, &[(wrt, claim)]);
        assert_eq!(verdict.name(), "proved", "{text} by {wrt}: {claim}: {verdict:?}");
    }
    for (text, wrt, claim) in [
        ("x'*C*x", "x,x", "2*C"),
        ("x'*C*y", "x,y", "C'"),
        ("logsumexp(x)", "x,x", "diag(softmax(x))"),
        ("t^5", "t,t,t", "20*t^3"),
        ("tr(X*X)", "X,X", "2*eye(n^2)"),
        ("tr(X'*C*X)", "X,X", "kron(C+C', eye(n))"),
    ] {
        let verdict = claims(LETS, text, form, 2, &[(wrt, claim)]);
        assert!(verdict.is_refuted(), "{text} by {wrt}: {claim}: {verdict:?}");
    }
    let second =
        claims(LETS, "inv(X)", Form::Differential, 2, &[("X", "2*inv(X)*dX*inv(X)*dX*inv(X)")]);
    assert_eq!(second.name(), "proved", "{second:?}");
}

#[test]
fn gradients_by_structured_variables_are_projected() {
    let lets = "S: symmetric(n); K: skew(n); D: diagonal(n); L: lower(n); P: spd(n); Q: orthogonal(n); \
                w: simplex(n); y: onehot(n); A: matrix(n,n); x: vector(n)";
    for (text, wrt, claim, wrong) in [
        ("tr(A*S)", "S", "(A+A')/2", "A'"),
        ("tr(A*K)", "K", "(A'-A)/2", "A'"),
        ("tr(A*D)", "D", "diag(diag(A))", "A'"),
        ("tr(A*L)", "L", "tril(A')", "A'"),
        ("logdet(P)", "P", "inv(P)", "2*inv(P)"),
        ("x'*P*x", "P", "x*x'", "x*x'+A-A'"),
        ("tr(A*Q)", "Q", "(A'-Q*A*Q)/2", "A'"),
        ("x'*w", "w", "x - mean(x)*ones(n)", "x"),
        ("x'*y", "y", "x", "x - mean(x)*ones(n)"),
    ] {
        let right = gradient(lets, text, wrt, claim);
        assert_eq!(right.name(), "proved", "{text} by {wrt}: {claim}: {right:?}");
        let refuted = gradient(lets, text, wrt, wrong);
        assert!(refuted.is_refuted(), "{text} by {wrt}: {wrong}: {refuted:?}");
    }
}

#[test]
fn unknown_functions() {
    let lets = "f: function; A: matrix(m,n); X: matrix(n,k); B: matrix(k,q); M: matrix(m,n)(t); t: scalar; b: vector(m); c: vector(n)";
    for (text, wrt, claim, wrong) in [
        ("f(A*X*B)", "X", "A'*grad_f(A*X*B)*B'", "A'*grad_f(A*X)"),
        ("b'*M(t)*c", "t", "b'*M'(t)*c", "b'*M(t)*c"),
        ("f(c)^2", "c", "2*f(c)*grad_f(c)", "2*grad_f(c)"),
    ] {
        let right = gradient(lets, text, wrt, claim);
        assert_eq!(right.name(), "proved", "{text} by {wrt}: {claim}: {right:?}");
        let refuted =
            common::try_claims(lets, text, Form::Array(Layout::Mixed), 1, &[(wrt, wrong)]);
        assert!(refuted.is_err() || refuted.unwrap().is_refuted(), "{text} by {wrt}: {wrong}");
    }
    let hessian = claims(lets, "f(c)", Form::Array(Layout::Mixed), 2, &[("c,c", "hess_f(c)")]);
    assert_eq!(hessian.name(), "proved", "{hessian:?}");
    let hessian = claims(
        lets,
        "f(A*X)",
        Form::Array(Layout::Mixed),
        2,
        &[("X,X", "kron(eye(k),A)'*hess_f(A*X)*kron(eye(k),A)")],
    );
    assert_eq!(hessian.name(), "proved", "{hessian:?}");
}

/// `F(X+hD) - F(X) - h*dF[D]` falls with the square of the step.
#[test]
fn the_remainder_is_of_second_order() {
    for (text, wrt, claim) in [
        ("inv(X)*C", "X", "-inv(X)*dX*inv(X)*C"),
        ("sum(exp(X*x))", "x", "exp(X*x)'*X*dx"),
        ("logdet(X'*X)", "X", "2*tr(inv(X)*dX)"),
        ("softmax(C*x)", "x", "diag(softmax(C*x))*C*dx - softmax(C*x)*(softmax(C*x)'*C*dx)"),
        ("sum(gelu(x))", "x", "((1+erf(x/sqrt(2)))/2 + x.*exp(-x.^2/2)/sqrt(2*pi))'*dx"),
    ] {
        let remainders = remainders(text, wrt, claim, [1e-2, 1e-3]);
        assert!(remainders[0] > 1e-9, "{text}: {remainders:?}");
        let ratio = remainders[0] / remainders[1];
        assert!((60.0..160.0).contains(&ratio), "{text}: {remainders:?}");
    }
}

fn remainders(text: &str, wrt: &str, claim: &str, steps: [f64; 2]) -> [f64; 2] {
    let mut program = common::read(LETS, &[text], false).unwrap();
    let function = program.results[0];
    let differential = common::read_back(&mut program, claim).unwrap().result;
    let size = |name: &str| if "CX".contains(name) { (4, 4) } else { (4, 1) };
    let value = |name: &str, salt: f64| {
        let (rows, columns) = size(name);
        let entry = |at: usize| {
            ((at as f64 + salt) * 12.9898 + name.len() as f64).sin()
                + f64::from(u8::from(at.is_multiple_of(5)))
        };
        Array {
            family: Vec::new(),
            rows,
            columns,
            entries: (0..rows * columns).map(entry).collect(),
        }
    };
    let direction = value(wrt, 0.7);
    let differential_name = format!("d{wrt}");
    let at = |root, step: f64| {
        let mut moved = value(wrt, 3.1);
        moved
            .entries
            .iter_mut()
            .zip(&direction.entries)
            .for_each(|(entry, slope)| *entry += step * slope);
        let others = ["C", "X", "x", "y"].map(|name| (name, value(name, 3.1)));
        let mut given: Vec<(&str, &Array)> = vec![(wrt, &moved), (&differential_name, &direction)];
        given.extend(others.iter().map(|(name, value)| (*name, value)));
        evaluate(Expression { tree: &program.tree, root }, &given, &Settings::default())
            .unwrap()
            .entries
    };
    let (start, slope) = (at(function, 0.0), at(differential, 0.0));
    steps.map(|step| {
        let end = at(function, step);
        let parts = end.iter().zip(&start).zip(&slope);
        parts.map(|((end, start), slope)| (end - start - step * slope).powi(2)).sum::<f64>().sqrt()
    })
}

#[test]
fn values_at_data_say_what_is_missing() {
    let program = common::read("X: matrix(m,n); x: vector(n)", &["X*x"], false).unwrap();
    let expression = Expression { tree: &program.tree, root: program.results[0] };
    let array = |rows: usize, columns: usize| Array {
        family: Vec::new(),
        rows,
        columns,
        entries: vec![2.0; rows * columns],
    };
    let settings = Settings::default();
    let value =
        evaluate(expression, &[("X", &array(2, 3)), ("x", &array(3, 1))], &settings).unwrap();
    assert_eq!(value, Array { family: Vec::new(), rows: 2, columns: 1, entries: vec![12.0; 2] });
    assert!(
        evaluate(expression, &[("X", &array(2, 3))], &settings)
            .unwrap_err()
            .contains("x has no value")
    );
    assert!(evaluate(expression, &[("X", &array(2, 3)), ("x", &array(4, 1))], &settings).is_err());
    let broken = Array { entries: vec![1.0], ..array(3, 1) };
    assert!(evaluate(expression, &[("X", &array(2, 3)), ("x", &broken)], &settings).is_err());
    let empty = array(0, 1);
    assert!(evaluate(expression, &[("X", &array(2, 0)), ("x", &empty)], &settings).is_err());
}
