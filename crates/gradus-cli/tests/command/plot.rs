//! Pictures of linear parts: files in two formats, and refusals.

use std::path::PathBuf;

use crate::gradus;

/// A file of its own for each test.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(name);
    let _ = std::fs::remove_file(&file);
    file
}

fn drawn(words: &[&str], name: &str) -> Vec<u8> {
    let path = file(name);
    let mut all = vec!["diff"];
    all.extend(words);
    all.extend(["--plot", path.to_str().unwrap()]);
    gradus(&all).exits(0);
    std::fs::read(&path).unwrap()
}

#[test]
fn the_slope_stands_in_the_picture() {
    for (at, words) in [
        &["norm2(X*w - y)^2", "--wrt", "w"] as &[&str],
        &["Y = sigmoid(W*X); tr(Y'*M*Y)"],
        &["inv(X)", "--wrt", "X"],
        &["logdet(X)", "--order", "2"],
        &["norm2(A*x - b)^4", "--wrt", "x", "--at", "x=0"],
        &["x: vector(d)[N]; c: vector(d); sum[i](norm2(x[i] - c)^4)"],
    ]
    .iter()
    .enumerate()
    {
        let picture = String::from_utf8(drawn(words, &format!("slope{at}.svg"))).unwrap();
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"), "{words:?}");
        let measured = picture.split("slope ").filter_map(|rest| rest.get(..4)?.parse().ok());
        let measured: Vec<f64> = measured.collect();
        assert!(
            measured.iter().any(|slope| (slope - 2.0).abs() < 0.05),
            "{words:?}: {measured:?}\n{picture}"
        );
        // Nothing leaves the paper.
        for number in picture.split(['"', ' ', ',']).filter_map(|part| part.parse::<f64>().ok()) {
            assert!((-90.0..=960.0).contains(&number), "{words:?}: {number}");
        }
    }
}

#[test]
fn a_linear_function_is_its_linear_part() {
    let picture = String::from_utf8(drawn(&["a*x", "--wrt", "x"], "linear.svg")).unwrap();
    assert!(picture.contains("nothing but rounding") && !picture.contains("slope 2"), "{picture}");
}

#[test]
fn dots_are_a_png_file() {
    let picture = drawn(&["x'*A*x", "--wrt", "x"], "dots.png");
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
    let size = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (1920, 1280));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    gradus(&["diff", "x'*x", "--plot", "picture.gif"]).exits(2).says(".svg or .png");
    let path = file("nowhere").join("picture.svg");
    gradus(&["diff", "x'*x", "--plot", path.to_str().unwrap()]).exits(2).says("picture.svg");
}
