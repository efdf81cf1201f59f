//! The remainder beside the linear part falls like the square of the step, and only of right claims.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::try_remainder;
use gradus_verify::{Form, Layout};

const LETS: &str = "A: matrix(n,n); X: matrix(n,n); S: spd(n); Q: orthogonal(n); x: vector(n); \
                    y: vector(n); t: positive scalar; z: complex vector(n)";

#[test]
fn of_right_claims_it_is_of_second_order() {
    let array = Form::Array(Layout::Mixed);
    for (function, form, order, claims) in [
        ("x'*A*x", array, 1, &[("x", "(A + A')*x")] as &[_]),
        ("x'*A*x", array, 1, &[("x", "(A + A')*x"), ("A", "x*x'")]),
        ("tr(inv(X))", array, 1, &[("X", "-(inv(X)*inv(X))'")]),
        ("log(det(S))", array, 1, &[("S", "inv(S)")]),
        ("sum(exp(x))", array, 1, &[("x", "exp(x)")]),
        ("exp(A*x)", array, 1, &[("x", "diag(exp(A*x))*A")]),
        ("inv(X)", Form::Differential, 1, &[("X", "-inv(X)*dX*inv(X)")]),
        ("inv(X)", Form::Differential, 1, &[("X", "d(inv(X))")]),
        ("X*A*X", Form::LinearMap(Layout::Mixed), 1, &[("X", "dX -> dX*A*X + X*A*dX")]),
        ("x'*x*x'*x", array, 1, &[("x,x", "4*(x'*x)*eye + 8*x*x'")]),
        ("tr(X*X*X*X)", Form::Differential, 2, &[("X", "8*tr(X*X*dX*dX) + 4*tr(X*dX*X*dX)")]),
        ("sqrt(t)", array, 1, &[("t", "1/(2*sqrt(t))")]),
        ("tr(A*Q*Q)", array, 1, &[("Q", "((A*Q + Q*A)' - Q*(A*Q + Q*A)*Q)/2")]),
        ("norm2(z)^2", array, 1, &[("z", "2*z")]),
    ] {
        let found = try_remainder(LETS, function, form, order, claims).unwrap();
        let fall = found.order().unwrap_or_else(|| panic!("{function}: {found:?}"));
        assert!((fall - 2.0).abs() < 0.1, "{function}: {fall}");
        assert!(!found.vanishes(), "{function}");
    }
}

#[test]
fn of_wrong_claims_it_is_of_first_order() {
    let array = Form::Array(Layout::Mixed);
    for (function, form, order, claims) in [
        ("x'*A*x", array, 1, &[("x", "2*A*x")] as &[_]),
        ("tr(inv(X))", array, 1, &[("X", "-inv(X)*inv(X)")]),
        ("inv(X)", Form::Differential, 1, &[("X", "inv(X)*dX*inv(X)")]),
        ("x'*x*x'*x", array, 1, &[("x,x", "4*(x'*x)*eye + 4*x*x'")]),
        ("x'*x", Form::Differential, 1, &[("x", "x'*dx")]),
    ] {
        let found = try_remainder(LETS, function, form, order, claims).unwrap();
        let fall = found.order().unwrap_or_else(|| panic!("{function}: {found:?}"));
        assert!((fall - 1.0).abs() < 0.1, "{function}: {fall}");
    }
}

#[test]
fn a_linear_function_is_its_linear_part() {
    let array = Form::Array(Layout::Mixed);
    let found = try_remainder(LETS, "y'*x", array, 1, &[("x", "y")]).unwrap();
    assert!(found.vanishes() && found.order().is_none(), "{found:?}");
    let wrong = try_remainder(LETS, "y'*x", array, 1, &[("x", "2*y")]).unwrap();
    assert!(!wrong.vanishes(), "{wrong:?}");
}
