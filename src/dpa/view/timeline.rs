//! The end of a service as a picture, in SVG.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use chrono::{Days, NaiveDate};

use super::super::{ExitAction, ExitPlan};
use crate::markup::{Escaped, Scale, axis_of_days, text};

const WIDTH: i64 = 1080;
const LEFT: i64 = 250;
const RIGHT: i64 = 40;
const LANE: i64 = 46;
const TOP: i64 = 92;

/// An [`ExitPlan`] as an SVG picture: a bar for each limit, the days on which the clauses exclude each
/// other, and the recommended steps. Made by [`ExitPlan::timeline`]; `Display` writes it.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a>(&'a ExitPlan);

impl ExitPlan {
    /// A picture of the plan, to be read at a glance.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::{DpaTerms, LateReturnRequest};
    ///
    /// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
    /// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
    /// let svg = plan.timeline().to_string();
    /// assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    /// for text in ["2026-07-15", "2026-09-13", "60 days", "D-10.2a"] {
    ///     assert!(svg.contains(text), "{text}");
    /// }
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn timeline(&self) -> Timeline<'_> {
        Timeline(self)
    }
}

const STYLE: &str = "text{font-family:Helvetica,Arial,sans-serif;font-size:14px;fill:#1d2733}\
    .title{font-size:20px;font-weight:bold}.small{font-size:12px;fill:#5a6675}.end{text-anchor:end}\
    .mid{text-anchor:middle}.tick{font-size:12px;fill:#5a6675;text-anchor:middle}\
    .axis{stroke:#5a6675;stroke-width:1.5}.halo{paint-order:stroke;stroke:#fff;stroke-width:6px}.bad{fill:#a4161a;font-weight:bold}.on{fill:#fff;font-weight:bold}";

impl fmt::Display for Timeline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.0;
        let bars = plan.duties();
        let last = bars.iter().map(|duty| duty.last_day()).max().unwrap_or(plan.cessation());
        let days = last.signed_duration_since(plan.cessation()).num_days().saturating_add(6).max(7);
        let first = plan.cessation().checked_sub_days(Days::new(3)).unwrap_or(plan.cessation());
        let after = first.checked_add_days(Days::new(days.unsigned_abs().saturating_sub(1))).unwrap_or(first);
        let scale = Scale::of_days(first, after, LEFT, WIDTH.saturating_sub(RIGHT));

        let lanes = i64::try_from(bars.len()).unwrap_or(0);
        let steps = steps(plan);
        let step_rows = i64::try_from(steps.len()).unwrap_or(0);
        let axis = TOP.saturating_add(lanes.saturating_mul(LANE)).saturating_add(8);
        let height = axis.saturating_add(64).saturating_add(step_rows.saturating_mul(26)).saturating_add(8);

        writeln!(
            f,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">"#
        )?;
        let title = alloc::format!("The services cease on {}", plan.cessation());
        writeln!(f, "<title>{}</title><style>{STYLE}</style>", Escaped(&title))?;
        writeln!(f, r##"<rect width="{WIDTH}" height="{height}" fill="#fff"/>"##)?;
        text(f, 24, 36, "title", &title)?;
        text(f, 24, 58, "small", "Every last day as the clauses give it; the end stands on weekends and holidays.")?;

        if let Some(gap) = plan.gap() {
            let after = gap.last_day().succ_opt().unwrap_or(gap.last_day());
            let (from, to) = (scale.day(gap.first_day()), scale.day(after));
            let (y, tall) = (TOP.saturating_sub(16), axis.saturating_sub(TOP).saturating_add(16));
            let wide = to.saturating_sub(from);
            writeln!(f, r##"<rect x="{from}" y="{y}" width="{wide}" height="{tall}" fill="#fbe3e4"/>"##)?;
            let words = alloc::format!("{} days in conflict", gap.days());
            text(f, from.saturating_add(to) / 2, TOP.saturating_sub(1), "bad mid", &words)?;
        }
        for (lane, duty) in (0..).zip(bars) {
            let y = TOP.saturating_add(LANE.saturating_mul(lane)).saturating_add(8);
            let after = duty.last_day().succ_opt().unwrap_or(duty.last_day());
            let (from, to) = (scale.day(plan.cessation()), scale.day(after));
            let colour = if duty.kind().is_right() { "#2a6f97" } else { "#386641" };
            let words = meaning(duty.kind().is_right(), lane);
            text(f, LEFT.saturating_sub(14), y.saturating_add(12), "end", words)?;
            let clause = alloc::format!("{}, {}", duty.deadline().clause().id(), duty.deadline().rule().period());
            text(f, LEFT.saturating_sub(14), y.saturating_add(27), "small end", &clause)?;
            let wide = to.saturating_sub(from);
            writeln!(f, r#"<rect x="{from}" y="{y}" width="{wide}" height="28" rx="4" fill="{colour}"/>"#)?;
            let until = alloc::format!("until {}", duty.last_day());
            if wide >= 130 {
                text(f, to.saturating_sub(10), y.saturating_add(19), "on end", &until)?;
            } else {
                text(f, to.saturating_add(8), y.saturating_add(19), "", &until)?;
            }
        }
        self.steps(f, &scale, axis, &steps)?;
        axis_of_days(f, &scale, axis, [first, last])?;
        writeln!(f, "</svg>")
    }
}

/// What a bar means, short enough to stand beside it.
const fn meaning(is_right: bool, lane: i64) -> &'static str {
    match (is_right, lane) {
        (true, _) => "the return may be requested",
        (false, 0) => "all copies are deleted",
        (false, _) => "a requested return is done",
    }
}

/// The recommended steps of one day together.
fn steps(plan: &ExitPlan) -> Vec<(NaiveDate, String)> {
    let mut steps: Vec<(NaiveDate, String)> = Vec::new();
    for step in plan.recommended() {
        let words = match step.action() {
            ExitAction::Certify => "certify".to_string(),
            action => action.to_string(),
        };
        match steps.last_mut() {
            Some((day, before)) if *day == step.day() => {
                before.push_str("; ");
                before.push_str(&words);
            }
            _ => steps.push((step.day(), words)),
        }
    }
    steps
}

impl Timeline<'_> {
    /// The recommended steps below it, one a row, each with a line to its day.
    fn steps(
        &self,
        f: &mut fmt::Formatter<'_>,
        scale: &Scale,
        axis: i64,
        steps: &[(NaiveDate, String)],
    ) -> fmt::Result {
        let top = axis.saturating_add(56);
        text(f, LEFT.saturating_sub(14), top.saturating_add(5), "end", "recommended steps,")?;
        text(f, LEFT.saturating_sub(14), top.saturating_add(21), "end", "not contractual")?;
        let rows = || (0_i64..).zip(steps).map(|(row, step)| (top.saturating_add(row.saturating_mul(26)), step));
        // The lines first, so that the words stand on them.
        for (y, (day, _)) in rows() {
            let x = scale.day(*day);
            writeln!(
                f,
                r##"<path d="M{x} {axis}V{y}" stroke="#bc6c25" stroke-width="1.5" stroke-dasharray="3 3"/><circle cx="{x}" cy="{y}" r="5" fill="#bc6c25"/>"##
            )?;
        }
        for (y, (day, words)) in rows() {
            let x = scale.day(*day);
            let label = alloc::format!("{day}: {words}");
            if x > WIDTH.saturating_mul(3) / 5 {
                text(f, x.saturating_sub(12), y.saturating_add(5), "halo end", &label)?;
            } else {
                text(f, x.saturating_add(12), y.saturating_add(5), "halo", &label)?;
            }
        }
        Ok(())
    }
}
