//! What every page and picture is written with: escaped text, a line of days or instants, and its ticks.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use chrono::{Datelike, NaiveDate, Weekday};

/// Text for HTML and SVG, in an element or in a quoted attribute: what has a meaning there is escaped, and what acts on
/// whatever shows it, or may not stand in XML, is written as Rust would write it in a literal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            letter if is_unsafe(letter) => write!(f, "{}", letter.escape_unicode()),
            other => f.write_char(other),
        })
    }
}

/// Whether a character acts on whatever shows it, or is drawn as nothing: of the general categories Cc, Cf, Zl and Zp, or
/// with the property Default_Ignorable_Code_Point or Noncharacter_Code_Point (Unicode 16.0, DerivedGeneralCategory.txt,
/// DerivedCoreProperties.txt and PropList.txt). All controls of direction (UAX #9) are of Cf.
pub(crate) const fn is_unsafe(c: char) -> bool {
    let is_noncharacter = matches!(c as u32 & 0xffff, 0xfffe | 0xffff);
    is_noncharacter
        || matches!(
            c,
            '\0'..='\u{1f}'
                | '\u{7f}'..='\u{9f}'
                | '\u{ad}'
                | '\u{34f}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// One line of text in a picture.
pub(crate) fn text(f: &mut fmt::Formatter<'_>, x: i64, y: i64, class: &str, words: &str) -> fmt::Result {
    writeln!(f, r#"<text x="{x}" y="{y}" class="{class}">{}</text>"#, Escaped(words))
}

/// Days, or instants, on a line from left to right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// The first of them.
    pub(crate) first: i64,
    /// How many.
    pub(crate) length: i64,
    /// Where the first stands.
    pub(crate) left: i64,
    /// Where what follows the last stands.
    pub(crate) right: i64,
}

impl Scale {
    /// The line from one day to another, on which a day is its number.
    pub(crate) fn of_days(first: NaiveDate, last: NaiveDate, left: i64, right: i64) -> Self {
        let length = last.signed_duration_since(first).num_days().saturating_add(1);
        Self { first: first.num_days_from_ce().into(), length, left, right }
    }

    /// Where something stands.
    pub(crate) fn x(&self, position: i64) -> i64 {
        let offset = i128::from(position.saturating_sub(self.first));
        let width = i128::from(self.right.saturating_sub(self.left));
        let x = offset.saturating_mul(width).checked_div(self.length.into()).unwrap_or(0);
        self.left.saturating_add(i64::try_from(x).unwrap_or(0))
    }

    /// Where a day begins.
    pub(crate) fn day(&self, day: NaiveDate) -> i64 {
        self.x(day.num_days_from_ce().into())
    }
}

/// The days that are named on a line of days: every day of a few, else Mondays, or the first of the months, of the
/// quarters, of the years.
pub(crate) fn ticks(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let days = last.signed_duration_since(first).num_days();
    let monthly = |day: &NaiveDate, apart: u32| day.day() == 1 && day.month0().checked_rem(apart) == Some(0);
    let is_tick = |day: &NaiveDate| match days {
        ..=9 => true,
        10..=60 => day.weekday() == Weekday::Mon,
        61..=240 => monthly(day, 1),
        241..=1_200 => monthly(day, 3),
        _ => monthly(day, 12),
    };
    first.iter_days().take_while(|day| *day <= last).filter(is_tick).collect()
}

/// The line of days itself, with its ticks.
pub(crate) fn axis_of_days(
    f: &mut fmt::Formatter<'_>,
    scale: &Scale,
    y: i64,
    [first, last]: [NaiveDate; 2],
) -> fmt::Result {
    writeln!(f, r#"<path d="M{} {y}H{}" class="axis"/>"#, scale.left, scale.right)?;
    for day in ticks(first, last) {
        let x = scale.day(day);
        writeln!(f, r#"<path d="M{x} {y}v6" class="axis"/>"#)?;
        text(f, x, y.saturating_add(20), "tick halo", &day.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_escaped_acts() {
        assert_eq!(Escaped("<a b='c'>&\"").to_string(), "&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
        assert_eq!(Escaped("a\nb\u{202e}c\u{ffff}").to_string(), "a\\u{a}b\\u{202e}c\\u{ffff}");
        assert_eq!(Escaped("Zoë, 東京").to_string(), "Zoë, 東京");
    }

    /// Names and places as in DerivedGeneralCategory-16.0.0.txt, DerivedCoreProperties-16.0.0.txt and PropList-16.0.0.txt.
    #[test]
    fn what_acts_or_is_drawn_as_nothing_is_unsafe() {
        for acts in [
            '\u{ad}',    // SOFT HYPHEN
            '\u{34f}',   // COMBINING GRAPHEME JOINER
            '\u{600}',   // ARABIC NUMBER SIGN
            '\u{61c}',   // ARABIC LETTER MARK
            '\u{115f}',  // HANGUL CHOSEONG FILLER
            '\u{180e}',  // MONGOLIAN VOWEL SEPARATOR
            '\u{200b}',  // ZERO WIDTH SPACE
            '\u{202e}',  // RIGHT-TO-LEFT OVERRIDE
            '\u{2060}',  // WORD JOINER
            '\u{2066}',  // LEFT-TO-RIGHT ISOLATE
            '\u{206a}',  // INHIBIT SYMMETRIC SWAPPING
            '\u{206f}',  // NOMINAL DIGIT SHAPES
            '\u{3164}',  // HANGUL FILLER
            '\u{fe0f}',  // VARIATION SELECTOR-16
            '\u{fff9}',  // INTERLINEAR ANNOTATION ANCHOR
            '\u{fffb}',  // INTERLINEAR ANNOTATION TERMINATOR
            '\u{fdd0}',  // <noncharacter-FDD0>
            '\u{1fffe}', // <noncharacter-1FFFE>
            '\u{10ffff}',
            '\u{13430}', // EGYPTIAN HIEROGLYPH VERTICAL JOINER
            '\u{1d173}', // MUSICAL SYMBOL BEGIN BEAM
            '\u{e0001}', // LANGUAGE TAG
            '\u{e01ef}', // VARIATION SELECTOR-256
        ] {
            assert!(is_unsafe(acts), "{acts:?}");
        }
        // What stands beside them.
        for shown in [
            ' ',
            '~',
            '\u{a0}',
            '\u{ac}',
            '\u{ae}',
            '\u{34e}',
            '\u{350}',
            '\u{606}',
            '\u{6de}',
            '\u{180a}',
            '\u{1810}',
            '\u{200a}',
            '\u{2010}',
            '\u{202f}',
            '\u{205f}',
            '\u{2070}',
            '\u{fdcf}',
            '\u{fdf0}',
            '\u{fe10}',
            '\u{fefe}',
            '\u{fffc}',
            '\u{fffd}',
            '\u{1fffd}',
            '\u{1d17b}',
            '\u{e1000}',
        ] {
            assert!(!is_unsafe(shown), "{shown:?}");
        }
    }

    #[test]
    fn a_day_stands_in_proportion() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let scale = Scale::of_days(day(1), day(10), 100, 200);
        assert_eq!([1, 2, 10, 11].map(|d| scale.day(day(d))), [100, 110, 190, 200]);
    }

    #[test]
    fn a_line_has_few_ticks() {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for days in [0, 9, 10, 60, 61, 240, 241, 1200, 1201, 3660] {
            let last = first + chrono::Days::new(days);
            assert!((1..=14).contains(&ticks(first, last).len()), "{days}");
        }
    }
}
