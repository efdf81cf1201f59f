//! What stands between two factors, in every format.
//!
//! Must not know how a format spells it.

/// How a piece of text begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// A name of one letter.
    Letter,
    /// The name `d`, which before another name looks like a differential.
    LetterD,
    /// A name of several letters.
    Word,
    /// A digit of full size.
    Digit,
    /// The name of a function, of several letters.
    FunctionWord,
    /// The name of a function, a single symbol.
    FunctionSymbol,
    /// A parenthesis, a bracket, a fraction, a matrix.
    Fence,
    /// A bar of a norm or an absolute value.
    Bar,
    /// A differential: `dX` begins so, `d(U)` ends so.
    Differential,
    /// A sign of summation.
    BigSum,
    /// A raised or lowered piece.
    Script,
    /// Anything after which nothing is needed.
    Other,
}

/// What stands between two factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Nothing.
    Tight,
    /// A space.
    Space,
    /// A dot.
    Dot,
}

/// Follows the edges of what is written.
#[derive(Debug)]
pub(crate) struct Joiner {
    last: Edge,
    pending: bool,
    crowded: bool,
}

impl Joiner {
    /// At the beginning of a text; `crowded` if letters side by side would be misread.
    pub(crate) fn new(crowded: bool) -> Self {
        Self { last: Edge::Other, pending: false, crowded }
    }

    /// A product sign is due before what comes next.
    pub(crate) fn join(&mut self) {
        self.pending = true;
    }

    /// Whether a product sign is due.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending
    }

    /// What to write before a piece that begins with `first` and ends with `last`.
    pub(crate) fn piece(&mut self, first: Edge, last: Edge) -> Option<Joint> {
        let joint = self.pending.then(|| self.between(self.last, first));
        self.pending = false;
        self.last = last;
        joint
    }

    fn between(&self, left: Edge, right: Edge) -> Joint {
        use Edge as E;
        match (left, right) {
            (E::FunctionWord, _) => Joint::Space,
            (_, E::Digit) | (E::Word, _) | (_, E::Word) | (E::Bar, E::Bar) => Joint::Dot,
            (E::Differential, _) => Joint::Space,
            (E::LetterD, E::Letter | E::LetterD) => Joint::Dot,
            (E::Letter | E::Script, E::Letter | E::LetterD) if self.crowded => Joint::Dot,
            (_, E::Differential | E::FunctionWord | E::BigSum) => Joint::Space,
            _ => Joint::Tight,
        }
    }
}
