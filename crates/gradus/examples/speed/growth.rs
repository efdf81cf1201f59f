//! Growth: a deep network with all its gradients, and a long product.

use gradus::{Output, Request};

use crate::{least, shown};

/// The gradients of a network by the weights of every layer, from text to NumPy, verified.
pub(crate) fn layers() {
    println!("layers: text to NumPy for all gradients of H = tanh(W*H), verified");
    let mut per_layer = Vec::new();
    for (layers, runs) in [(300, 5), (10_000, 1)] {
        let request = network(layers);
        let mut code = String::new();
        let time = least(runs, || {
            let answer = gradus::diff(&request).unwrap_or_else(|failure| panic!("{failure}"));
            let (text, verification) =
                answer.print_verified(Output::Numpy).unwrap_or_else(|failure| panic!("{failure}"));
            assert!(verification.verdict.is_verified(), "{verification}");
            code = text;
        });
        let each = time.as_secs_f64() / f64::from(layers);
        println!(
            "  {layers:>6} layers: {:>9}, {:.1} µs a layer, {} KiB of code",
            shown(time),
            each * 1e6,
            code.len() / 1024
        );
        per_layer.push(each);
    }
    println!("  time a layer grows by a factor of {:.2}", per_layer[1] / per_layer[0]);
}

fn network(layers: u32) -> Request {
    let mut program = "H1 = tanh(W1*x)".to_owned();
    for layer in 2..=layers {
        program.push_str(&format!("; H{layer} = tanh(W{layer}*H{})", layer - 1));
    }
    program.push_str(&format!("; sum((H{layers} - y).^2)"));
    let mut request = Request::new(program).declare("x: vector").declare("y: vector");
    request.verification = gradus::Verify::OnPrint;
    request.variables = (1..=layers).map(|layer| format!("W{layer}")).collect();
    request
}

/// The derivative of a long product by a matrix that stands in it many times.
pub(crate) fn factors() {
    println!("factors: tr(X*A1*X*A2*…) by X, text to verified source");
    for factors in [16, 64, 256] {
        let product: Vec<String> = (1..=factors / 2).map(|at| format!("X*A{at}")).collect();
        let request = Request::new(format!("tr({})", product.join("*"))).by("X");
        let mut source = String::new();
        let time = least(3, || {
            let answer = gradus::diff(&request).unwrap_or_else(|failure| panic!("{failure}"));
            source = answer.print(Output::Source).unwrap_or_else(|failure| panic!("{failure}"));
        });
        let bytes = source.len();
        println!("  {factors:>4} factors: {:>9}, {bytes} bytes of source", shown(time));
    }
}
