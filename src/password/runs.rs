use super::PasswordPolicy;
use super::keyboard::{self, KEY_LANES, NO_PLACE, Place, STEP};

/// The lowest bit of every lane.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every lane.
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Instead of a code: neither a code point nor beside one, so that nothing continues a run from it.
const NO_CODE: u32 = 1 << 31;

/// One pass over the characters of a password: how many, of which classes, and the runs that are too long.
///
/// Eight runs are counted at once, one in each byte of a word: along a row of keys and back on three layouts, up and
/// down the code points. A keyboard row has ten keys and ASCII 128 codes, so no count exceeds its byte.
pub(super) struct Scan {
    chars: usize,
    classes: u8,
    code: u32,
    place: Place,
    /// Steps that continued a run, lane by lane.
    steps: u64,
    /// What lifts a count that reaches its limit to the highest bit of its lane.
    lift: u64,
    /// The lanes that once reached their limit.
    over: u64,
    /// The present and the longest run of one character.
    same: u32,
    longest_same: u32,
    /// Up and down beyond ASCII, in steps.
    up: usize,
    down: usize,
    longest_steps: usize,
}

impl Scan {
    pub(super) fn new(policy: &PasswordPolicy) -> Self {
        Self {
            chars: 0,
            classes: 0,
            code: NO_CODE,
            place: NO_PLACE,
            steps: 0,
            lift: (lift(policy.max_keyboard_run()) & KEY_LANES) | (lift(policy.max_sequence()) & !KEY_LANES),
            over: 0,
            same: 0,
            longest_same: 0,
            up: 0,
            down: 0,
            longest_steps: 0,
        }
    }

    /// The next byte of a password that is all ASCII; its length is told apart.
    #[inline]
    pub(super) fn ascii(&mut self, byte: u8) {
        let (classes, place) = keyboard::ascii(byte);
        self.step(u32::from(byte), classes, place);
    }

    /// The length of a password that is all ASCII.
    pub(super) const fn set_chars(&mut self, chars: usize) {
        self.chars = chars;
    }

    /// The next character of a password that is not all ASCII.
    pub(super) fn character(&mut self, character: char, classes: u8) {
        let code = u32::from(character);
        self.chars = self.chars.saturating_add(1);
        // Codes have neighbours beyond a byte, so the two lanes of the code stand empty.
        let place = u8::try_from(code).map_or(NO_PLACE, |byte| keyboard::ascii(byte).1);
        let place = (place & KEY_LANES) | (NO_PLACE & !KEY_LANES);
        self.up = if self.code.wrapping_add(1) == code { self.up.saturating_add(1) } else { 0 };
        self.down = if code.wrapping_add(1) == self.code { self.down.saturating_add(1) } else { 0 };
        self.longest_steps = self.longest_steps.max(self.up).max(self.down);
        self.step(code, classes, place);
    }

    #[inline]
    fn step(&mut self, code: u32, classes: u8, place: Place) {
        self.classes |= classes;
        // The lanes that are zero, hence equal, become 0xff and all others 0x00 (no carry leaves a lane).
        let apart = place ^ self.place.wrapping_add(STEP);
        let zero = !((apart & !HIGHS).wrapping_add(!HIGHS) | apart) & HIGHS;
        let goes_on = (zero >> 7).wrapping_mul(0xff);
        self.steps = self.steps.wrapping_add(ONES) & goes_on;
        self.over |= self.steps.wrapping_add(self.lift);
        self.same = if code == self.code { self.same.wrapping_add(1) } else { 1 };
        self.longest_same = self.longest_same.max(self.same);
        (self.code, self.place) = (code, place);
    }

    pub(super) const fn chars(&self) -> usize {
        self.chars
    }

    /// The classes seen, as bits.
    pub(super) const fn classes(&self) -> u8 {
        self.classes
    }

    pub(super) fn longest_same(&self) -> usize {
        usize::try_from(self.longest_same).unwrap_or(usize::MAX)
    }

    /// Whether the code points rose or fell for longer than the limit.
    pub(super) fn has_long_sequence(&self, limit: usize) -> bool {
        self.over & HIGHS & !KEY_LANES != 0 || self.longest_steps >= limit
    }

    /// Whether neighbouring keys were run along for longer than the policy's limit.
    pub(super) const fn has_long_keyboard_run(&self) -> bool {
        self.over & HIGHS & KEY_LANES != 0
    }
}

/// In every lane what is missing from the limit to 128: a run is one longer than its steps, so `limit` steps are too many.
fn lift(limit: Option<usize>) -> u64 {
    limit.and_then(|limit| u64::try_from(limit).ok()).map_or(0, |limit| {
        // INVARIANT: a limit is 2 to 64, and a count at most 127: the sum stays within the lane.
        0x80_u64.saturating_sub(limit).wrapping_mul(ONES)
    })
}
