use super::policy::ProxyPolicy;
use crate::event::Unresolved;

/// How many elements of a list are looked at, empty ones included: RFC 9110 section 5.6.1.2 wants a reasonable number
/// of empty elements skipped.
const MAX_ELEMENTS: usize = 2 * ProxyPolicy::MAX_HOPS as usize;
/// The longest element that is looked at; ours. An address is at most some 60 bytes, `Forwarded` may carry extensions.
const MAX_ELEMENT_BYTES: usize = 1024;

/// What keeps a comma from ending an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Nothing: a quote is a character like another.
    None,
    /// Quoted strings of RFC 9110 section 5.6.4.
    Strings,
}

/// How the commas that end elements are found in a line.
#[derive(Clone, Copy, Debug)]
enum Commas {
    /// Each is one.
    All,
    /// The quotes pair up, and no backslash makes one a character: a comma with an even number of them on its right.
    Paired,
    /// With backslashes it can only be told from the left where a quoted string ends.
    FromLeft,
}

impl Commas {
    #[inline]
    fn of(line: &[u8], quotes: Quotes) -> Self {
        if quotes == Quotes::None {
            return Self::All;
        }
        // Without branches, so that it is done for many bytes at a time.
        let (mut odd, mut quote, mut backslash) = (0_u8, 0_u8, 0_u8);
        for byte in line {
            let is_quote = u8::from(*byte == b'"');
            odd ^= is_quote;
            quote |= is_quote;
            backslash |= u8::from(*byte == b'\\');
        }
        match (quote, odd | backslash) {
            (0, _) => Self::All,
            (_, 0) => Self::Paired,
            _ => Self::FromLeft,
        }
    }

    /// The last of them, or where a quoted string begins that does not end.
    #[inline]
    fn last(self, line: &[u8]) -> Result<Option<usize>, usize> {
        match self {
            Self::All | Self::Paired => {
                let (mut left, mut quoted) = (line, false);
                while let [before @ .., byte] = left {
                    match byte {
                        b',' if !quoted => return Ok(Some(before.len())),
                        b'"' => quoted = !quoted && matches!(self, Self::Paired),
                        _ => {}
                    }
                    left = before;
                }
                Ok(None)
            }
            Self::FromLeft => {
                let (mut opened, mut escaped, mut comma) = (None, false, None);
                for (at, byte) in line.iter().enumerate() {
                    match (opened, byte) {
                        (Some(_), _) if escaped => escaped = false,
                        (Some(_), b'\\') => escaped = true,
                        (Some(_), b'"') => opened = None,
                        (None, b'"') => opened = Some(at),
                        (None, b',') => comma = Some(at),
                        _ => {}
                    }
                }
                opened.map_or(Ok(comma), Err)
            }
        }
    }
}

/// The elements of a list header from the right, over all its lines. What is to the left of the last element asked
/// for is not looked at, except for where its quoted strings end.
#[derive(Clone, Debug)]
pub(super) struct Elements<'a, I> {
    lines: I,
    /// What is left of the line that is being read.
    rest: Option<(&'a [u8], Commas)>,
    quotes: Quotes,
    looked_at: usize,
}

/// One element without the blanks around it, and where it begins in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
}

impl<'a, I: DoubleEndedIterator<Item = &'a [u8]>> Elements<'a, I> {
    pub(super) const fn new(lines: I, quotes: Quotes) -> Self {
        Self { lines, rest: None, quotes, looked_at: 0 }
    }

    /// The next element to the left that is not empty.
    ///
    /// # Errors
    /// Why there is none, and where in the line.
    pub(super) fn next_back(&mut self) -> Result<Option<Element<'a>>, (Unresolved, usize)> {
        loop {
            let quotes = self.quotes;
            let next = || self.lines.next_back().map(|line| (line, Commas::of(line, quotes)));
            let Some((line, commas)) = self.rest.take().or_else(next) else { return Ok(None) };
            let start = match commas.last(line).map_err(|at| (Unresolved::Unreadable, at))? {
                Some(comma) => {
                    self.rest = line.get(..comma).map(|rest| (rest, commas));
                    comma.saturating_add(1)
                }
                None => 0,
            };
            let element = line.get(start..).unwrap_or_default();
            let text = trim_start(element);
            let at = start.saturating_add(element.len().saturating_sub(text.len()));
            let text = trim_end(text);
            self.looked_at = self.looked_at.saturating_add(1);
            if self.looked_at > MAX_ELEMENTS || text.len() > MAX_ELEMENT_BYTES {
                return Err((Unresolved::TooLong, at));
            }
            if !text.is_empty() {
                return Ok(Some(Element { text, at }));
            }
        }
    }

    /// The number of the line that was read last, from 1. Goes through the lines that are left.
    pub(super) fn line(self) -> usize {
        self.lines.count().saturating_add(1)
    }
}

/// Without the optional blanks at its left (RFC 9110 section 5.6.3): spaces and tabs, nothing else.
pub(super) const fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

/// Without those at its right.
pub(super) const fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
