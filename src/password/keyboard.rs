use super::CharacterClass;

/// The rows of keys, one layout after the other: QWERTY, AZERTY, QWERTZ. The digit row is the same on all three.
const LAYOUTS: [[&[u8]; 4]; 3] = [
    [b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"],
    [b"1234567890", b"azertyuiop", b"qsdfghjklm", b"wxcvbn"],
    [b"1234567890", b"qwertzuiop", b"asdfghjkl", b"yxcvbnm"],
];

/// The digit row of the first layout with shift held, as in the United States. The other two layouts have other symbols
/// there, some beyond ASCII, and are not looked at.
const SHIFTED: &[u8] = b"!@#$%^&*()";

/// Where a character is, in eight lanes of eight bits: its key on the three layouts, the same again, its code, and again.
///
/// A key is `row << 4 | column + 2`, so keys side by side differ by one and rows do not touch.
pub(super) type Place = u64;

/// In the lane of a key: none. It differs by more than one from every key, and by none from itself.
const NOWHERE: u64 = 0x80;

/// The place of a character that is on no keyboard and whose code is compared elsewhere.
pub(super) const NO_PLACE: Place = 0xc0c0_8080_8080_8080;

/// The lanes of the keys; the other two are those of the code.
pub(super) const KEY_LANES: u64 = 0x0000_ffff_ffff_ffff;

/// What takes a place to the one that continues a run: along the row, back, next code, code before.
///
/// Each lane holds 0x00 to 0xc0, and at least 0x12 in those of the keys, so that none borrows from its neighbour but the topmost, which has none.
pub(super) const STEP: u64 = {
    let keys: u64 = 0x01_01_01;
    keys.wrapping_sub(keys << 24).wrapping_add(1 << 48).wrapping_sub(1 << 56)
};

/// Classes (as bits) and place of every ASCII character; an entry for every byte, so that a look-up needs no check.
static ASCII: [(u8, Place); 256] = table();

/// Classes and place of an ASCII character; of any other byte nothing.
#[inline]
pub(super) fn ascii(byte: u8) -> (u8, Place) {
    ASCII.get(usize::from(byte)).copied().unwrap_or((0, NO_PLACE))
}

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "evaluated when compiled: an error would not build"
)]
const fn table() -> [(u8, Place); 256] {
    let mut table = [(0, NO_PLACE); 256];
    let mut byte = 0;
    while byte < 128 {
        let code = byte as u8;
        let mut keys = 0;
        let mut layout = 0;
        while layout < LAYOUTS.len() {
            let shifted = if layout == 0 { SHIFTED } else { LAYOUTS[layout][0] };
            keys |= key(&LAYOUTS[layout], shifted, code.to_ascii_lowercase()) << (8 * layout);
            layout += 1;
        }
        let place = keys | keys << 24 | (code as u64) << 48 | (code as u64) << 56;
        table[byte] = (classes(code), place);
        byte += 1;
    }
    table
}

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated when compiled: an error would not build"
)]
const fn key(rows: &[&[u8]; 4], shifted: &[u8], code: u8) -> u64 {
    let mut row = 0;
    while row < rows.len() {
        let mut column = 0;
        while column < rows[row].len() {
            if rows[row][column] == code || (row == 0 && shifted[column] == code) {
                return ((row as u64 + 1) << 4) | (column as u64 + 2);
            }
            column += 1;
        }
        row += 1;
    }
    NOWHERE
}

const fn classes(code: u8) -> u8 {
    use CharacterClass::{Digit, Letter, Lowercase, Symbol, Uppercase};
    match code {
        b'0'..=b'9' => Digit.bit(),
        b'A'..=b'Z' => Uppercase.bit() | Letter.bit(),
        b'a'..=b'z' => Lowercase.bit() | Letter.bit(),
        b'!'..=b'~' => Symbol.bit(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_classes_say() {
        for byte in 0..128_u8 {
            assert_eq!(ascii(byte).0, CharacterClass::bits(char::from(byte)), "{byte}");
        }
    }

    /// Lane by lane, without any trick.
    #[test]
    fn a_step_leads_to_the_neighbour_in_every_lane() {
        for byte in 0..128_u8 {
            let (from, to) = (ascii(byte).1.to_le_bytes(), ascii(byte).1.wrapping_add(STEP).to_le_bytes());
            for lane in 0..8 {
                let step = if [0, 1, 2, 6].contains(&lane) { 1 } else { 0xff };
                assert_eq!(to[lane], from[lane].wrapping_add(step), "{byte} {lane}");
            }
        }
    }
}
