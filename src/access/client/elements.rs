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

/// The elements of a list header from the right, over all its lines. What is to the left of the last element asked
/// for is not looked at, except for where its quoted strings end.
#[derive(Clone, Debug)]
pub(super) struct Elements<'a, I> {
    lines: I,
    /// What is left of the line that is being read.
    rest: Option<&'a [u8]>,
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
            let Some(line) = self.rest.take().or_else(|| self.lines.next_back()) else { return Ok(None) };
            let start = match last_comma(line, self.quotes)? {
                Some(comma) => {
                    self.rest = line.get(..comma);
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

/// Where the last element begins: behind the last comma that is in no quoted string.
fn last_comma(line: &[u8], quotes: Quotes) -> Result<Option<usize>, (Unresolved, usize)> {
    if quotes == Quotes::None || !line.contains(&b'"') {
        return Ok(line.iter().rposition(|byte| *byte == b','));
    }
    // Whether a quote opens or closes can only be told from the left.
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
    opened.map_or(Ok(comma), |at| Err((Unresolved::Unreadable, at)))
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
