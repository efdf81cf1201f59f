//! Identities that hold under assumptions, and not without them.
#![allow(clippy::unwrap_used)]

use gradus::{Request, Verdict, check};

fn verdict(identity: &str, declarations: &[&str], assumptions: &[&str]) -> Verdict {
    let mut request = Request::new(identity);
    request.declarations = declarations.iter().map(|text| (*text).to_owned()).collect();
    request.assumptions = assumptions.iter().map(|text| (*text).to_owned()).collect();
    check(&request).unwrap().verification.verdict
}

#[test]
fn identities_hold_only_under_their_assumption() {
    let square = "A, B: matrix(n,n)";
    let cases: [(&str, &[&str], &str); 17] = [
        ("(A + B)^2 = A^2 + 2*A*B + B^2", &[square], "A*B = B*A"),
        ("inv(A)*B = B*inv(A)", &[square], "B*A = A*B"),
        ("X^2*dX = dX*X^2", &["X: spd(n)"], "X*dX = dX*X"),
        ("(eye - A)*A = zeros(n,n)", &["A: matrix(n,n)"], "A*A = A"),
        ("(eye - 2*x*x')^2 = eye", &["x: vector(n)"], "x'*x = 1"),
        ("norm2(x + y)^2 = norm2(x)^2 + norm2(y)^2", &["x, y: vector(n)"], "x'*y = 0"),
        ("B*A = eye", &[square], "A*B = eye(n)"),
        ("tr(B) = normF(A)^2", &[square], "B = A'*A"),
        ("logmfrechet(X, dX) = inv(X)*dX", &["X: spd(n)"], "X*dX = dX*X"),
        ("A*A = A'*A", &[square], "A = A'"),
        ("x'*A*y = y'*A*x", &[], "A' = A"),
        ("x'*A*x = 0", &[], "A' = -A"),
        ("norm2(A*x) = norm2(x)", &["A: matrix(m,n)"], "A'*A = eye"),
        ("norm2(A'*x) = norm2(x)", &["A: matrix(m,n)"], "A*A' = eye(m)"),
        ("norm2(A*x)^2 = x'*S*x", &["A: matrix(m,n)", "S: matrix(n,n)"], "S = A'*A"),
        ("A*B = B*A", &[square], "A = c*eye"),
        ("x'*y = 2*norm2(y)^2", &["x, y: vector(n)"], "x = 2*y"),
    ];
    for (identity, declarations, assumption) in cases {
        let with = verdict(identity, declarations, &[assumption]);
        assert!(with.is_verified(), "{identity}: {with:?}");
        assert_eq!(verdict(identity, declarations, &[]), Verdict::Refuted, "{identity}");
    }
}

#[test]
fn assumptions_may_have_names_of_their_own_and_build_on_each_other() {
    let given = ["A = U", "U'*U = eye"];
    assert!(verdict("norm2(A*x) = norm2(x)", &["A: matrix(m,n)"], &given).is_verified());
    let given = ["A = P*D*inv(P)", "D = diag(d)"];
    let sides = "tr(A^2) = sum(d.^2)";
    assert!(verdict(sides, &["A: matrix(n,n)", "d: vector(n)"], &given).is_verified());
    let wrong = "tr(A^2) = sum(d)";
    assert_eq!(verdict(wrong, &["A: matrix(n,n)", "d: vector(n)"], &given), Verdict::Refuted);
}

#[test]
fn what_holds_on_a_domain_says_on_which() {
    for (identity, conditions) in [
        ("pinv(A) = inv(A'*A)*A'", vec!["A has constant rank", "A'*A is invertible"]),
        ("log(a^2) = 2*log(a)", vec!["a^2 > 0", "a > 0"]),
        ("log(exp(a) + 1) = log(1 + exp(a))", vec![]),
        ("1./(1 + x.^2) = (1 + x.^2).^(-1)", vec![]),
        ("1./(1 + x) = (1 + x).^(-1)", vec!["1 + x ≠ 0 in every entry"]),
        ("sqrt(2 + abs(a)) = (2 + abs(a))^(1/2)", vec!["a ≠ 0"]),
    ] {
        let checked = check(&Request::new(identity)).unwrap();
        assert!(checked.verification.verdict.is_verified(), "{identity}");
        assert_eq!(checked.conditions, conditions, "{identity}");
    }
}

#[test]
fn a_chain_is_told_which_side_differs() {
    let told = |identity: &str| {
        let checked = check(&Request::new(identity)).unwrap();
        let notes = checked.notes.iter().map(|note| note.diagnostic.message.clone());
        (checked.verification.verdict, notes.collect::<Vec<_>>().join("; "))
    };
    let (verdict, notes) = told("tr(A*B) = tr(B*A) = tr(A')");
    assert_eq!(verdict, Verdict::Refuted);
    assert!(notes.contains("a chain of 3 sides") && notes.contains("`tr(A')` is not"), "{notes}");
    let (verdict, notes) = told("tr(A*B) = tr(B*A) = sum(A.*B')");
    assert!(verdict.is_verified() && notes.contains("all to be equal"), "{notes}");
    assert_eq!(told("x = y").1, "");
}

#[test]
fn an_assumption_that_points_cannot_be_drawn_for_decides_nothing() {
    let strange = ["sin(x) = 3*x"];
    assert_eq!(verdict("x = x + 0*x", &["x: scalar"], &strange), Verdict::Undecided);
}

#[test]
fn assumptions_about_unknown_names_or_of_unequal_shape_are_wrong() {
    for assumption in ["A*Q = Q*x", "A = A*x", "A"] {
        let mut request =
            Request::new("A*x = A*x").declare("A: matrix(n,n)").declare("x: vector(n)");
        request.assumptions.push(assumption.to_owned());
        assert_eq!(check(&request).unwrap_err().exit_code(), 2, "{assumption}");
    }
}

#[test]
fn identities_of_differentials_say_what_varies() {
    for (identity, good, note) in [
        ("d(A*X*B) = A*dX*B", true, "X varies; A, B are constant"),
        ("d(A*X*B) = A*dX", false, "X varies; A, B are constant"),
        ("d(A*X) = d(A)*X + A*d(X)", true, "A, X vary"),
        ("tr(d(A*X)) = d(tr(X*A))", true, "A, X vary"),
    ] {
        let mut request = Request::new(identity);
        request.declarations = vec!["A, B, X: matrix(n,n)".to_owned()];
        let checked = check(&request).unwrap();
        assert_eq!(checked.verification.verdict.is_verified(), good, "{identity}");
        let notes: Vec<_> =
            checked.notes.iter().map(|note| note.diagnostic.message.as_str()).collect();
        assert!(notes.contains(&note), "{identity}: {notes:?}");
    }
    // Along dX an assumption about X would not hold any more.
    let assumed = verdict("d(A*A) = dA", &["A: matrix(n,n)"], &["A*A = A"]);
    assert_eq!(assumed, Verdict::Undecided);
}

#[test]
fn commuting_is_not_passed_on() {
    let three = ["A, B, C: matrix(n,n)"];
    let chain = ["A*B = B*A", "B*C = C*B"];
    assert_eq!(verdict("A*C = C*A", &three, &chain), Verdict::Undecided);
    let all = ["A*B = B*A", "B*C = C*B", "A*C = C*A"];
    assert!(verdict("A*B*C = C*B*A", &three, &all).is_verified());
}

#[test]
fn projectors_have_every_rank() {
    let projector = ["P: matrix(n,n)"];
    assert_eq!(verdict("det(P) = 0", &projector, &["P*P = P"]), Verdict::Refuted);
    assert_eq!(verdict("P = eye", &projector, &["P*P = P"]), Verdict::Refuted);
    assert!(verdict("P^3 = P", &projector, &["P*P = P"]).is_verified());
}

#[test]
fn what_divides_by_zero_everywhere_is_not_true() {
    let vectors = ["a, b, c: vector(n)"];
    let nowhere = "1/(b'*c - c'*b) = 2/(b'*c - c'*b)";
    assert_eq!(verdict(nowhere, &vectors, &[]), Verdict::Undecided);
}
