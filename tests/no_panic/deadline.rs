//! Periods counted from any day, in any calendar and zone.

use chrono::{Datelike, NaiveDate, Weekday};
use clausework::deadline::{
    CONVENTIONS, Calendar, CalendarLabel, Case, Convention, Counting, Coverage, Deadline, DeadlineRule, Direction,
    EventDay, Extension, HolidayCalendar, HourRule, Hours, MonthEnd, PauseGround, Period, Place, Roll, Span, Trigger,
    Weekend, Zone, end_of_day,
};

use super::draw::Gen;
use super::{say, see};

const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

pub(super) fn all(g: &Gen) {
    texts(g);
    calendars(g);
    deadlines(g);
    hours(g);
    cases(g);
}

fn texts(g: &Gen) {
    let text = g.text();
    see(&(text.parse::<Period>(), text.parse::<Hours>(), text.parse::<Zone>()));
    text.parse::<Period>().map_err(|error| say(&error)).ok();
    see(&CalendarLabel::try_new(&text, &g.text(), &g.text()));
    say(&g.period());
    see(&g.period().checked_add(g.period()));
}

fn coverage(g: &Gen) -> Coverage {
    let drawn = if g.flag() { Coverage::try_new(g.date(), g.date()) } else { Coverage::years(g.year(), g.year()) };
    drawn.unwrap_or(Coverage::ALL)
}

pub(super) fn calendar(g: &Gen) -> HolidayCalendar {
    let label = CalendarLabel::try_new(&g.text(), &g.text(), &g.text())
        .unwrap_or_else(|_| CalendarLabel::try_new("here", "law", "1").unwrap());
    let weekend = Weekend::try_new(g.some(6, |g| g.pick(&WEEKDAYS))).unwrap_or(Weekend::SATURDAY_SUNDAY);
    let _ = weekend.contains(Weekday::Mon);
    let coverage = if g.flag() { Coverage::ALL } else { coverage(g) };
    let built = match g.below(3) {
        0 => {
            let places = [Place::EuInstitutions, Place::Netherlands, Place::Germany, Place::EnglandAndWales];
            g.pick(&places).calendar(g.year(), g.year())
        }
        1 => {
            let list = g.some(5, |g| if g.flag() { g.date().to_string() } else { g.text() }).join("\n");
            return HolidayCalendar::from_list(label.clone(), coverage, weekend, &list).unwrap_or_else(|error| {
                say(&error);
                HolidayCalendar::builder(label).build().unwrap()
            });
        }
        _ => HolidayCalendar::builder(label.clone())
            .coverage(coverage)
            .weekend(weekend)
            .holidays(g.some(20, Gen::date))
            .build(),
    };
    built.unwrap_or_else(|error| {
        say(&error);
        HolidayCalendar::builder(label).build().unwrap()
    })
}

/// What a host may write itself: only what it must, so that the walks of the trait run.
#[derive(Debug)]
struct Plain(HolidayCalendar);

impl Calendar for Plain {
    fn label(&self) -> &CalendarLabel {
        self.0.label()
    }

    fn coverage(&self) -> Coverage {
        self.0.coverage()
    }

    fn is_working(&self, day: NaiveDate) -> Result<bool, clausework::deadline::CalendarError> {
        self.0.is_working(day)
    }
}

fn calendars(g: &Gen) {
    let (one, other, day) = (calendar(g), calendar(g), g.date());
    see(&one.union(&other).map(|both| both.holidays().count()));
    let covered = coverage(g);
    see(&(covered.contains(day), covered.check(day)));
    let direction = g.pick(&[Direction::Forward, Direction::Backward]);
    see(&(one.is_working(day), one.advance(day, g.u32(), direction)));
    let (few, plain) = (g.u32() % 2000, Plain(other));
    see(&(plain.is_working(day), plain.advance(day, few, direction)));
}

fn counting(g: &Gen) -> Counting {
    let builder = Counting::builder()
        .direction(g.pick(&[Direction::Forward, Direction::Backward]))
        .event_day(g.pick(&[EventDay::Excluded, EventDay::Counted]))
        .month_end(g.pick(&[MonthEnd::LastDay, MonthEnd::FirstOfNext, MonthEnd::StickyEnd]))
        .roll(g.pick(&[Roll::None, Roll::Following, Roll::Preceding]))
        .span(g.pick(&[Span::Plain, Span::Clear]));
    let minimum = g.u8();
    builder.minimum_working_days(minimum).build().or(builder.build()).unwrap_or_else(|error| {
        say(&error);
        g.policy(Counting::CONTRACT)
    })
}

fn rule(g: &Gen) -> DeadlineRule {
    let mut rule = DeadlineRule::new(g.period(), g.clause(), Trigger::new("receipt"));
    if g.flag() {
        rule = rule.with_counting(counting(g));
    }
    if g.flag() {
        rule = rule.with_deemed_receipt(g.period());
    }
    if g.flag() {
        rule = rule.with_extension(Extension::new(g.period(), g.u8()));
    }
    rule
}

fn convention(g: &Gen) -> Convention {
    if g.flag() {
        return g.pick(CONVENTIONS);
    }
    let convention = Convention::new("name", "source", g.date(), g.maybe(Gen::date), counting(g));
    convention.with_backward(counting(g)).with_source("another")
}

pub(super) fn zone(g: &Gen) -> Zone {
    let offset = g.offset();
    g.pick(&[
        Zone::UTC,
        offset.into(),
        "Pacific/Kiritimati".parse().unwrap_or(Zone::UTC),
        "Africa/Cairo".parse().unwrap_or(Zone::UTC),
    ])
}

fn deadlines(g: &Gen) {
    let (calendar, start, zone, event) = (calendar(g), g.date(), zone(g), g.date());
    see(&end_of_day(event, &zone));
    let optional = g.flag().then_some(&calendar as &dyn Calendar);
    see(&counting(g).last_day(g.period(), start, optional));
    let convention = convention(g);
    see(&convention.counting(Direction::Backward, event));
    let mut rule = rule(g);
    if let Ok(under) = rule.under(&convention, event) {
        rule = under;
    }
    say(&rule);
    let conventions = g.some(3, self::convention);
    match rule.readings(start, &conventions, optional) {
        Ok(readings) => see(&(readings.earliest(), readings.latest(), readings.is_undisputed())),
        Err(error) => say(&error),
    }
    let found: Vec<Deadline> =
        [rule.deadline(start), rule.deadline_in(start, &calendar)].into_iter().filter_map(Result::ok).collect();
    for deadline in &found {
        say(deadline);
        deadline.steps().iter().for_each(say);
        serde_json::to_string(deadline).unwrap();
        see(&(deadline.is_met_on(event), deadline.ends_before(&zone), deadline.ends_before(&g.offset())));
        deadline.in_zone(&zone).map(|zoned| serde_json::to_string(&zoned).unwrap()).ok();
        let next = self::rule(g);
        if let Ok(then) = deadline.then(next, optional) {
            deadline.change_to(&then).iter().for_each(say);
        }
    }
}

fn hours(g: &Gen) {
    let (hours, start, zone) = (Hours::new(g.u32()), g.timestamp(), zone(g));
    see(&(hours.from(start, Direction::Forward), hours.from(start, Direction::Backward)));
    let rule = HourRule::new(hours, g.clause(), Trigger::new("awareness"));
    let calendar = calendar(g);
    let optional = g.flag().then_some(&calendar as &dyn Calendar);
    match rule.readings(start, &zone, optional) {
        Ok(readings) => see(&(readings.earliest(), readings.latest(), readings.dispute())),
        Err(error) => say(&error),
    }
    if let Ok(deadline) = rule.deadline(start) {
        say(&deadline);
        let _ = deadline.is_met_at(g.timestamp());
    }
}

fn cases(g: &Gen) {
    let mut case = Case::new(g.date());
    for _ in 0..g.below(8) {
        let ground = g.pick(&[PauseGround::Clarification, PauseGround::Identity]);
        let day = if g.flag() { case.event() } else { g.date() };
        let next = match g.below(4) {
            0 => Ok(case.corrected(day)),
            1 => case.paused(ground, day),
            2 => case.resumed(ground, day),
            _ => case.extension_noticed(day),
        };
        match next {
            Ok(next) => case = next,
            Err(error) => say(&error),
        }
    }
    let text = g.changed(&serde_json::to_string(&case).unwrap());
    let case = serde_json::from_str(&text).unwrap_or(case);
    let calendar = calendar(g);
    match rule(g).assess(&case, g.flag().then_some(&calendar as &dyn Calendar)) {
        Ok(assessment) => {
            say(assessment.current());
            let day = g.date();
            see(&(assessment.is_overdue_on(day), assessment.refused(), day.year()));
        }
        Err(error) => say(&error),
    }
}
