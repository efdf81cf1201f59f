//! Claims in which large terms stand beside small ones, that hold only somewhere, or that are defined
//! nowhere: no wrong one is accepted, and every right one is.
//!
//! Must not know how points are drawn.

use gradus::{Language, Request, Verdict, check, check_claim};

/// A program, the variable with declarations after it, and a claim. `X/2` asks for the second order.
type Row = (&'static str, &'static str, &'static str);

/// What is wrong: never accepted.
const WRONG: &[Row] = &[
    // A large term hides an error.
    ("sum(exp(20*x)) + sum(sin(x))", "x", "20*exp(20*x)"),
    ("sum(exp(20*x)) + sum(sin(x))", "x", "20*exp(20*x) + sin(x)"),
    ("1e10*norm2(x)^2 + sum(sin(x))", "x", "2e10*x"),
    ("1000*norm2(x)^20 + sum(sin(x))", "x", "20000*norm2(x)^18*x"),
    ("1e7*norm2(w)^2 + sum(softplus(w))", "w", "2e7*w"),
    ("sum(softplus(w)) + 1e-8*norm2(w)^2", "w", "sigmoid(w)"),
    ("norm2(w)^2 + 1e-9*sum(w)", "w", "2*w"),
    ("sum(exp(w)) + 1e-8*sum(w)", "w", "exp(w)"),
    ("log(sum(exp(x)))", "x", "x + (1e12*x - 1e12*x)"),
    ("-y'*log(softmax(W*x))", "x; y: onehot(m)", "x + (1e12*x - 1e12*x)"),
    ("tr(expm(X))", "X", "3*expm(X)' + 1e9*(X - X)"),
    ("tr(logm(X))", "X", "X + 1./(X-X+1e-12) - 1./(X-X+1e-12)"),
    ("log(det(L))", "L; L: lower(n)", "(7./inv(L))'"),
    ("log(det(L))", "L; L: lower(n)", "1./inv(L)"),
    ("log(det(L))", "L; L: lower(n)", "(1./inv(L))' + 5*ones(n,n)"),
    ("logdet(X'*X)", "X; X: matrix(m,n)", "5*inv(X*X')*X"),
    // Tiny coefficients.
    ("sum(sin(w)) + 1e-15*norm2(w)^2", "w", "cos(w)"),
    ("sum(sin(w)) + 1e-20*sum(w)", "w", "cos(w)"),
    ("sum(exp(w))", "w", "exp(w) + 1e-16*w"),
    ("sum(exp(w))", "w", "(1 + 1e-18)*exp(w)"),
    ("sum(tanh(w))", "w", "1 - tanh(w).^2 + 1e-14"),
    ("sum(log(cosh(w)))", "w", "0.9999999999*tanh(w)"),
    ("sum(sigmoid(w))", "w", "sigmoid(w).*(1 - sigmoid(w))*1.00000000000001"),
    ("norm2(w)", "w", "w/(norm2(w) + 1e-12)"),
    ("norm2(X*w - y)^2 + 1e-12*norm2(w)", "w", "2*X'*(X*w - y)"),
    ("log(sum(exp(x)))", "x", "softmax(x) + 1e-13*x"),
    ("logdet(S)", "S; S: spd(n)", "inv(S) + 1e-13*S"),
    ("sqrt(x'*x + 1e-10)", "x", "x/sqrt(x'*x)"),
    ("det(X) + 1e-11*tr(X)", "X", "det(X)*inv(X)'"),
    ("sum(erf(w)) + 1e-11*sum(w.^2)", "w", "2/sqrt(pi)*exp(-w.^2)"),
    ("sum(w.^3) + 1e-30*sum(w)", "w", "3*w.^2"),
    // Huge scales.
    ("sum(exp(w)) + 1e15*norm2(w)^2", "w", "2e15*w"),
    ("1e18*x'*x + sum(cos(x))", "x", "2e18*x + sin(x)"),
    ("sum(cosh(10*x)) + sum(cos(x))", "x", "10*sinh(10*x)"),
    ("sum(exp(exp(x))) + sum(sin(x))", "x", "exp(x + exp(x))"),
    ("norm2(x)^30 + sum(tanh(x))", "x", "30*norm2(x)^28*x"),
    ("1e12*logdet(S) + sum(sin(x))", "x; S: spd(n)", "0*x"),
    ("exp(30*t) + sin(t)", "t; t: scalar", "30*exp(30*t)"),
    // Cancellation.
    ("sum(exp(x))", "x", "exp(x) + sin(x) + (1e14*x - 1e14*x)"),
    ("sum(sin(x))", "x", "cos(x + 1e10 - 1e10 + 1e-6)"),
    ("sum(cos(x))", "x", "(1e9*sin(x) - (1e9 + 2)*sin(x))"),
    ("sum(sqrt(x.^2 + 1))", "x", "x./sqrt(x.^2 + 1 + 1e-9)"),
    ("tr(expm(X))", "X", "expm(X) + 1e8*(X' - X) - 1e8*(X' - X)"),
    ("sum(log(1 + exp(x)))", "x", "sigmoid(x) + 1e13*(exp(x) - exp(x)) + 1e-4"),
    // The characteristic of the field.
    ("x'*x", "x", "2*x + 2305843009213693951*x"),
    ("x'*x", "x", "(2305843009213693950 + 3)*x"),
    ("x'*A*x", "x; A: symmetric(n)", "2*A*x - 4611686018427387902*ones(n)"),
    // Defined nowhere, or only where sizes are equal.
    ("logdet(X'*X)", "X; X: matrix(m,n)", "2*inv(X*X')*X"),
    ("log(det(X'*X))", "X; X: matrix(m,n)", "2*inv(X*X')*X"),
    ("sqrt(det(X'*X))", "X; X: matrix(m,n)", "sqrt(det(X'*X))*inv(X*X')*X"),
    ("logdet(X'*A*X)", "X; A: spd(m); X: matrix(m,n)", "2*A*inv(A*X*X')*A*X"),
    ("logdet(A*X*B)", "X; A: matrix(k,m); X: matrix(m,n); B: matrix(n,k)", "A'*B'*inv(B*A*X)'"),
    ("sum(exp(x))", "x", "exp(x) + 1./(x - x)"),
    ("sum(exp(x))", "x", "exp(x) + 0*log(sin(x).^2 + cos(x).^2 - 1)"),
    ("sum(exp(w))", "w; w: vector(n); Y: matrix(m,n)", "exp(w) + 0*inv(w*w')*w"),
    ("tr(inv(S))", "S; S: spd(n)", "-inv(S*S) + det(S - S)*inv(S - S)"),
    ("logdet(A*X)", "X; A: matrix(n,m); X: matrix(m,n)", "inv(X*A)'*A'"),
    // Boundaries, corners, pieces.
    ("sum(max(x, 100))", "x", "zeros(n)"),
    ("sum(abs(x))", "x", "ones(n)"),
    ("sum(relu(x - 50))", "x", "zeros(n)"),
    ("sum(abs(x - 1000))", "x", "-ones(n)"),
    ("sum(min(x, -200))", "x", "zeros(n)"),
    ("sum(relu(x).^2)", "x", "2*x"),
    ("norm1(x)", "x", "x./sqrt(x.^2 + 1e-16)"),
    ("sum(abs(x).^3)", "x", "3*x.^2"),
    ("sum(sqrt(x.^2))", "x", "ones(n)"),
    // Periodic functions.
    ("sum(sin(x))", "x", "cos(x + 3.14159265358979)"),
    ("sum(sin(x))", "x", "cos(x + 2*3.141592653589793)"),
    ("sum(asin(sin(x)))", "x", "ones(n)"),
    ("sum(cos(2*x))", "x", "-2*sin(2*x + 1e-13)"),
    // Only near zero, or only for positive numbers.
    ("sum(sin(x))", "x", "1 - x.^2/2 + x.^4/24"),
    ("sum(exp(x))", "x", "1 + x + x.^2/2 + x.^3/6 + x.^4/24"),
    ("sum(log(x.^2))", "x", "2./abs(x)"),
    ("sum(log(1 + x))", "x", "1 - x + x.^2"),
    ("sum(sqrt(x.^4))", "x", "2*abs(x)"),
    // Only for one size.
    ("tr(X)", "X", "X./X"),
    ("det(X)", "X; X: matrix(n,n)", "tr(X)*eye(n) - X'"),
    ("softmax(x)", "x", "diag(softmax(x).*(1 - softmax(x)))"),
    ("logdet(t*A)", "t; t: scalar; A: matrix(n,n)", "1/t"),
    ("logdet(t*A)", "t; t: scalar; A: matrix(n,n)", "2/t"),
    ("det(t*A)", "t; t: scalar; A: matrix(n,n)", "2*t*det(A)"),
    ("tr(t*eye(n))", "t; t: scalar", "1"),
    ("sum(t*ones(n))", "t; t: scalar", "1"),
    ("sum(x)^2", "x", "2*x"),
    ("mean(x)", "x", "ones(n)"),
    // Only for matrices that commute or are symmetric.
    ("tr(A*expm(X))", "X", "(A*expm(X))'"),
    ("tr(A*inv(X))", "X", "-(A*inv(X)*inv(X))'"),
    ("tr(A*X^3)", "X", "3*(A*X^2)'"),
    ("x'*A*x", "x", "2*A*x"),
    ("logdet(X)", "X", "inv(X)"),
    ("tr(expm(X))", "X", "expm(X)"),
    ("tr(A*logm(X))", "X", "(A*inv(X))'"),
    ("logdet(A + X)", "X", "inv(A)' + inv(X)'"),
    // Second derivatives.
    ("sum(exp(20*x)) + sum(sin(x))", "x/2", "400*diag(exp(20*x))"),
    ("sum(sin(x)) + 1e-14*(x'*x)", "x/2", "-diag(sin(x))"),
    ("logdet(X)", "X/2", "-kron(inv(X)', inv(X))"),
];

/// What is right: always accepted.
const RIGHT: &[Row] = &[
    ("sum(exp(20*x)) + sum(sin(x))", "x", "20*exp(20*x) + cos(x)"),
    ("1e10*norm2(x)^2 + sum(sin(x))", "x", "2e10*x + cos(x)"),
    ("1000*norm2(x)^20 + sum(sin(x))", "x", "20000*norm2(x)^18*x + cos(x)"),
    ("1e7*norm2(w)^2 + sum(softplus(w))", "w", "2e7*w + sigmoid(w)"),
    ("sum(softplus(w)) + 1e-8*norm2(w)^2", "w", "sigmoid(w) + 2e-8*w"),
    ("norm2(w)^2 + 1e-9*sum(w)", "w", "2*w + 1e-9"),
    ("sum(exp(w)) + 1e-8*sum(w)", "w", "exp(w) + 0.00000001"),
    ("log(sum(exp(x)))", "x", "softmax(x) + (1e12*x - 1e12*x)"),
    ("-y'*log(softmax(W*x))", "x; y: onehot(m)", "W'*(softmax(W*x) - y) + 1e12*x - 1e12*x"),
    ("tr(expm(X))", "X", "expm(X)' + 1e9*(X - X)"),
    ("tr(logm(X))", "X", "inv(X)' + 1./(X-X+1e-12) - 1./(X-X+1e-12)"),
    ("log(det(L))", "L; L: lower(n)", "diag(1./diag(L))"),
    ("log(det(L))", "L; L: lower(n)", "tril(inv(L)')"),
    ("logdet(X'*X)", "X; X: matrix(m,n)", "2*X*inv(X'*X)"),
    ("sum(sin(w)) + 1e-15*norm2(w)^2", "w", "cos(w) + 2e-15*w"),
    ("sum(exp(w)) + 1e15*norm2(w)^2", "w", "2e15*w + exp(w)"),
    ("1e18*x'*x + sum(cos(x))", "x", "2e18*x - sin(x)"),
    ("sum(cosh(10*x)) + sum(cos(x))", "x", "10*sinh(10*x) - sin(x)"),
    ("sum(exp(exp(x))) + sum(sin(x))", "x", "exp(x + exp(x)) + cos(x)"),
    ("norm2(x)^30 + sum(tanh(x))", "x", "30*norm2(x)^28*x + 1 - tanh(x).^2"),
    ("exp(30*t) + sin(t)", "t; t: scalar", "30*exp(30*t) + cos(t)"),
    ("norm2(w)", "w", "w/sqrt(w'*w)"),
    ("sqrt(x'*x + 1e-10)", "x", "x/sqrt(x'*x + 0.0000000001)"),
    ("det(X) + 1e-11*tr(X)", "X; X: matrix(n,n)", "det(X)*inv(X)' + 1e-11*eye(n)"),
    ("sum(erf(w)) + 1e-11*sum(w.^2)", "w", "2/sqrt(pi)*exp(-w.^2) + 2e-11*w"),
    ("sum(log(cosh(w)))", "w", "(exp(2*w) - 1)./(exp(2*w) + 1)"),
    ("sum(sigmoid(w))", "w", "exp(w)./(1 + exp(w)).^2"),
    ("sum(sigmoid(w))", "w", "1./(2 + exp(w) + exp(-w))"),
    ("sum(log(1 + exp(x)))", "x", "1./(1 + exp(-x))"),
    ("sum(log(1 + exp(-x)))", "x", "-1./(1 + exp(x))"),
    ("sum(tanh(w))", "w", "1./cosh(w).^2"),
    ("sum(exp(2*x))", "x", "2*exp(x).^2"),
    ("sum(exp(-x.^2/2))", "x", "-x.*exp(-x.^2/4).^2"),
    ("sum(sin(2*x))", "x", "2*cos(x).^2 - 2*sin(x).^2"),
    ("sum(sin(x).^2)", "x", "sin(2*x)"),
    ("sum(cos(x))", "x", "-sin(x + 2*pi)"),
    ("sum(sin(x))", "x", "sin(x + pi/2)"),
    ("sum(log(x.^2))", "x", "2./x"),
    ("sum(sqrt(x.^4))", "x", "2*x"),
    ("sum(abs(x).^3)", "x", "3*x.*abs(x)"),
    ("sum(abs(x))", "x", "x./abs(x)"),
    ("norm1(x)", "x", "sign(x)"),
    ("sum(relu(x).^2)", "x", "2*relu(x)"),
    ("sum(relu(x).^2)", "x", "x + abs(x)"),
    ("sum(max(x, 100))", "x", "step(x - 100)"),
    ("sum(max(x, y))", "x", "step(x - y)"),
    ("sum(log(1 + x.^2))", "x", "2*x./(1 + x.^2)"),
    ("sum(atan(x))", "x", "1./(1 + x.^2)"),
    ("sum(asin(x))", "x", "1./sqrt(1 - x.^2)"),
    ("sum(asin(x))", "x", "-1./-sqrt((1 - x).*(1 + x))"),
    ("logdet(S)", "S; S: spd(n)", "inv(S)"),
    ("logdet(1e6*S)", "S; S: spd(n)", "inv(S)"),
    ("logdet(S + 1e-6*eye(n))", "S; S: spd(n)", "inv(S + 1e-6*eye(n))"),
    ("logdet(t*A)", "t; t: scalar; A: matrix(n,n)", "n/t"),
    ("tr(t*eye(n))", "t; t: scalar", "n"),
    ("det(t*A)", "t; t: scalar; A: matrix(n,n)", "n*t^(n-1)*det(A)"),
    ("tr(X^-3)", "X", "-3*(X^-4)'"),
    ("tr(A*inv(X))", "X", "-inv(X)'*A'*inv(X)'"),
    ("sqrt(det(X'*X))", "X; X: matrix(m,n)", "sqrt(det(X'*X))*X*inv(X'*X)"),
    ("logdet(A*X*B)", "X; A: matrix(k,m); X: matrix(m,n); B: matrix(n,k)", "A'*inv(A*X*B)'*B'"),
    ("logdet(X'*A*X)", "X; A: spd(m); X: matrix(m,n)", "2*A*X*inv(X'*A*X)"),
    ("pinv(X)*y", "y; X: matrix(m,n)", "inv(X'*X)*X'"),
    ("pinv(X)*y", "y; X: matrix(m,n)", "pinv(X)"),
    ("sum(x.^3) + 1e-30*sum(x)", "x", "3*x.^2 + 1e-30"),
    ("normF(X)", "X", "X/sqrt(tr(X'*X))"),
    ("1e-12*normF(A*X - B)^2", "X", "2e-12*A'*(A*X - B)"),
    ("exp(-norm2(x - m)^2/(2*s^2))", "x; s: scalar", "-(x - m)*exp(-(x - m)'*(x - m)/(2*s^2))/s^2"),
    ("nuclear(X)", "X; X: matrix(m,n)", "X*inv(sqrtm(X'*X))"),
    ("sum(exp(20*x)) + sum(sin(x))", "x/2", "400*diag(exp(20*x)) - diag(sin(x))"),
    ("sum(sin(x)) + 1e-14*(x'*x)", "x/2; x: vector(n)", "2e-14*eye(n) - diag(sin(x))"),
    ("logdet(X)", "X/2; X: matrix(n,n)", "-commutation(n,n)*kron(inv(X)', inv(X))"),
];

fn request((program, about, _): &Row) -> Request {
    let mut parts = about.split("; ");
    let (variable, order) = match parts.next().unwrap().split_once('/') {
        Some((variable, order)) => (variable, order.parse().unwrap()),
        None => (about.split("; ").next().unwrap(), 1),
    };
    let request = Request::new(*program).by(variable).order(order);
    parts.fold(request, |request, declaration| request.declare(declaration))
}

/// What is found about the rows, as far as it is not as it should be.
fn unlike(rows: &[Row], expected: impl Fn(Verdict) -> bool) -> Vec<String> {
    let told = |row: &Row| match check_claim(&request(row), row.2) {
        Ok(claimed) if expected(claimed.verification.verdict) => None,
        Ok(claimed) => Some(format!("{row:?}: {:?}", claimed.verification)),
        Err(failure) => Some(format!("{row:?}: {failure}")),
    };
    rows.iter().filter_map(told).collect()
}

#[test]
fn no_wrong_claim_is_accepted() {
    let found = unlike(WRONG, |verdict| !matches!(verdict, Verdict::Proved | Verdict::Confirmed));
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), WRONG.len(), found.join("\n"));
}

#[test]
fn most_wrong_claims_are_refuted() {
    let undecided = unlike(WRONG, |verdict| verdict == Verdict::Refuted);
    // Those that are defined nowhere are not refuted.
    assert!(undecided.len() <= 14, "{}:\n{}", undecided.len(), undecided.join("\n"));
}

#[test]
fn every_right_claim_is_accepted() {
    let found = unlike(RIGHT, |verdict| matches!(verdict, Verdict::Proved | Verdict::Confirmed));
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), RIGHT.len(), found.join("\n"));
}

#[test]
fn no_wrong_identity_is_accepted() {
    const IDENTITIES: &[(&str, &str)] = &[
        ("sin(x) = x + 1e10*(x-x)", "x: scalar"),
        ("exp(x) = 1 + x + x^2/2 + 1e9*(x - x)", "x: scalar"),
        ("cos(x) = cos(x + 2*3.141592653589793)", "x: scalar"),
        ("sqrt(x^2) = x", "x: scalar"),
        ("log(x^2) = 2*log(x) + 1e-13", "x: scalar"),
        ("tanh(x) = 2*sigmoid(2*x) - 1 + 1e-16*x", "x: scalar"),
        ("logdet(A*B) = logdet(B*A)", "A: matrix(k,m); B: matrix(m,k)"),
        ("A*inv(A'*A)*A' = eye(m)", "A: matrix(m,n)"),
        ("inv(A*A')*A = A*inv(A'*A)", "A: matrix(m,n)"),
        ("2305843009213693951*x = 0*x", "x: scalar"),
        ("expm(A + B) = expm(A)*expm(B)", "A: matrix(n,n); B: matrix(n,n)"),
        ("exp(40*x) + sin(x) = exp(40*x)", "x: scalar"),
        ("max(x, 500) = 500", "x: scalar"),
        ("asin(sin(x)) = x", "x: scalar"),
    ];
    let mut accepted = Vec::new();
    for (identity, declarations) in IDENTITIES {
        let request = Request::new(*identity);
        let request = declarations.split("; ").fold(request, |request, kind| request.declare(kind));
        match check(&request) {
            Ok(checked) if checked.verification.verdict.is_verified() => accepted.push(identity),
            Ok(_) => {}
            Err(failure) => panic!("{identity}: {failure}"),
        }
    }
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn no_right_identity_is_refuted_where_it_leaves_the_range() {
    // At points far away a factor is too small for f64 and its partner too great, in either order.
    const IDENTITIES: &[&str] = &[
        "exp(-logsumexp(u))*sum(exp(u)) = 1",
        "sum(exp(u))*exp(-logsumexp(u)) = 1",
        "exp(-log(sum(cosh(u))))*sum(cosh(u)) = 1",
        "exp(-log(sum(exp(u)) + 1))*(sum(exp(u)) + 1) = 1",
    ];
    for identity in IDENTITIES {
        let checked = check(&Request::new(*identity).declare("u: vector(n)")).unwrap();
        let verdict = checked.verification.verdict;
        assert!(verdict.is_verified(), "{identity}: {}", checked.verification);
    }
}

#[test]
fn examples_have_sizes_and_hessians_no_layout() {
    let rows: [(Row, &str); 4] = [
        (
            ("logdet(t*A)", "t; t: scalar; A: matrix(n,n)", "1/t"),
            "example: n = 2, t = -1: derivative -2, claim -1",
        ),
        (("tr(t*eye(n))", "t; t: scalar", "1"), "example: n = 2: derivative 2, claim 1"),
        (("sum(t*ones(n))", "t; t: scalar", "1"), "example: n = 2: derivative 2, claim 1"),
        (
            ("logdet(X)", "X/2; X: matrix(n,n)", "-kron(inv(X)', inv(X))"),
            "the commutation matrix is missing",
        ),
    ];
    for (row, expected) in rows {
        let text = check_claim(&request(&row), row.2).unwrap().text(Language::English);
        assert!(text.contains(expected), "{row:?}:\n{text}");
    }
}
