//! Who of the operator's staff had access, by whose approval, and what became of it.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::basis::{Place, bounded};
use super::{Listed, Masker};
use crate::event::{Actor, Event, Value};
use crate::staff::{Area, GrantState};
use crate::time::Timestamp;

mod rows;

pub use self::rows::{ApprovalRow, EmergencyRow, GrantEnd, GrantRow, StaffReason, UseWithoutGrant};

/// How many grants are kept apart.
const MAX_GRANTS: usize = 100_000;
/// How many different reasons are counted apart.
const MAX_REASONS: usize = 256;

/// Access by the operator's staff (E-3.2, E-5.5, E-5.6a, D-4.1b).
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let used = r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":{"staff":"s-7"},"origin":"internal","subject":{"kind":"staff_grant","id":"g-1"},"code":"staff.used","outcome":"success","clauses":["E-5.6a"],"details":{"area":"customer_data","grant":"g-1"}}"#;
/// let report = Report::builder(now, tenant, november).stored_events([used]).build();
/// let staff = report.staff.as_ref().ok_or("none handed in")?;
/// assert_eq!((staff.uses, staff.without_grant.total), (1, 0));
/// assert_eq!(staff.of_unknown_grants, 1); // whoever approved g-1 is not among what was handed in
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StaffSection {
    /// Uses that were let in.
    pub uses: u64,
    /// Uses that were refused.
    pub refused: u64,
    /// Uses that were let in and name no grant. In the customer's data and the user manager there must be none (E-5.5,
    /// E-5.6a); the account may be opened by a rule without one (E-3.2).
    pub without_grant: Listed<UseWithoutGrant>,
    /// Those of them in an area that needs a grant.
    pub without_needed_grant: u64,
    /// Uses of a grant for which fewer approvals than it needs are among what was handed in, at the instant of the use:
    /// who approved it is not shown. Emergencies need none.
    pub of_unknown_grants: u64,
    /// The grants that were asked for or open in the period, and the emergencies that were still to be settled in it, in
    /// the order of their requests.
    pub grants: Listed<GrantRow>,
    /// How many of them are emergencies.
    pub emergencies: u64,
    /// Emergencies of which the customer was not told, or that were not reviewed.
    pub emergencies_unsettled: u64,
    /// Emergencies of which the customer was told too late, or that were reviewed too late.
    pub emergencies_late: u64,
    /// Why requests, approvals and uses were refused: each reason with how often, the most frequent first. One refusal
    /// may have several.
    pub reasons: Vec<StaffReason>,
    /// Login data of the customer that was found where none may be kept (E-5.6b).
    pub login_data_found: u64,
    /// Such data that was removed.
    pub login_data_removed: u64,
    /// How often all grants were revoked at once.
    pub revoked_all: u64,
    /// Events about grants that there was no room for.
    pub past_limit: u64,
}

impl StaffSection {
    fn count_emergency(&mut self, emergency: &EmergencyRow) {
        let EmergencyRow { notice_at, notice_due, review_at, review_due, .. } = emergency;
        let is_late = EmergencyRow::is_late(*notice_at, *notice_due) || EmergencyRow::is_late(*review_at, *review_due);
        for (count, is_so) in [
            (&mut self.emergencies, true),
            (&mut self.emergencies_unsettled, notice_at.is_none() || review_at.is_none()),
            (&mut self.emergencies_late, is_late),
        ] {
            *count = count.saturating_add(u64::from(is_so));
        }
    }
}

/// A grant as it grows.
#[derive(Clone, Debug, Default)]
struct Grant {
    row: GrantRow,
    approvals: Vec<(Actor, Timestamp)>,
    /// When the customer was told of an emergency.
    notice_at: Option<Timestamp>,
    /// When it was reviewed.
    review_at: Option<Timestamp>,
    reviewed_by: Option<Actor>,
    /// What it covers: in words, and in words that name no single resource.
    scope: Option<[String; 2]>,
    /// Uses in the period before which too few approvals had been handed in, and the first of them.
    unapproved: Option<(u64, Timestamp)>,
    /// The latest instant at which anything is known of it.
    touched_at: Option<Timestamp>,
}

impl Grant {
    /// Whether as many had approved it by then as it needs.
    fn is_approved_by(&self, at: Timestamp) -> bool {
        let given = self.approvals.iter().filter(|(_, given_at)| *given_at <= at).count();
        u64::try_from(given).unwrap_or(u64::MAX) >= self.row.approvals_needed.unwrap_or(1).max(1)
    }

    /// Whether nothing is owed for an emergency since an instant of which this holds.
    fn is_settled(&self, is_past: impl Fn(Timestamp) -> bool) -> bool {
        self.row.emergency.is_none() || [self.notice_at, self.review_at].iter().all(|done| done.is_some_and(&is_past))
    }

    /// An emergency as its record tells it.
    fn give_emergency(&mut self, state: &GrantState) {
        let Some(glass) = state.glass() else { return };
        let [notice_due, notice_at, review_due, review_at] = glass.times();
        self.notice_at = self.notice_at.or(notice_at);
        self.review_at = self.review_at.or(review_at);
        self.row.emergency.get_or_insert_with(|| EmergencyRow {
            at: state.requested_at(),
            incident: Some(glass.reason().to_string()),
            notice_due,
            notice_at: None,
            review_due,
            review_at: None,
            reviewed_by: None,
        });
    }
}

/// The section as it grows.
#[derive(Clone, Debug, Default)]
pub(super) struct StaffTally {
    section: StaffSection,
    grants: BTreeMap<String, Grant>,
    without_grant: Listed<(Actor, UseWithoutGrant)>,
    reasons: BTreeMap<String, u64>,
    is_given: bool,
}

fn text(event: &Event, name: &str) -> Option<String> {
    event.detail(name).and_then(Value::as_text).map(ToString::to_string)
}

fn instant(event: &Event, name: &str) -> Option<Timestamp> {
    Timestamp::parse(event.detail(name)?.as_text()?)
}

fn one_more(count: &mut u64) {
    *count = count.saturating_add(1);
}

impl StaffTally {
    /// The grant of this id; a new one, if there is room for it.
    fn grant(&mut self, id: &str) -> Option<&mut Grant> {
        if !self.grants.contains_key(id) {
            if self.grants.len() >= MAX_GRANTS {
                one_more(&mut self.section.past_limit);
                return None;
            }
            let row = GrantRow { grant: id.to_string(), ..GrantRow::default() };
            self.grants.insert(id.to_string(), Grant { row, ..Grant::default() });
        }
        self.grants.get_mut(id)
    }

    /// Takes the record of a grant; events say the rest.
    pub(super) fn give(&mut self, state: &GrantState) {
        self.is_given = true;
        let Some(grant) = self.grant(state.id().as_str()) else { return };
        grant.give_emergency(state);
        let (row, scope) = (&mut grant.row, state.scope());
        row.staff = Some(state.staff().to_string());
        row.area = Some(scope.area().to_string());
        row.purpose = Some(state.purpose().kind().to_string());
        row.reference = state.purpose().reference().map(ToString::to_string);
        row.duration_secs = Some(state.duration().as_secs());
        row.requested_at.get_or_insert(state.requested_at());
        row.approvals_needed = Some(state.approvals_needed().into());
        if let (None, Some((at, how))) = (&row.end, state.end()) {
            row.end = Some(GrantEnd { at, reason: how.code().to_string(), computed: false });
        }
        let mut unnamed = alloc::format!("{}: ", scope.area());
        for (index, action) in scope.actions().iter().enumerate() {
            unnamed.push_str(if index == 0 { "" } else { ", " });
            unnamed.push_str(action.as_str());
        }
        for (index, resource) in scope.resources().iter().enumerate() {
            let one = if resource.id.is_some() { " (one)" } else { "" };
            unnamed.push_str(&alloc::format!("{}{}{one}", if index == 0 { " of " } else { ", " }, resource.kind));
        }
        grant.scope = Some([scope.to_string(), unnamed]);
        for approval in state.approvals() {
            if grant.approvals.iter().all(|(by, at)| (by, *at) != (approval.by(), approval.at())) {
                grant.approvals.push((approval.by().clone(), approval.at()));
            }
        }
        grant.touched_at = grant.touched_at.max(Some(state.requested_at()));
    }

    /// Counts an event, or remembers it for the grants that last into the period.
    pub(super) fn count(&mut self, event: &Event, place: Place) {
        let Some(word) = event.code().strip_prefix("staff.") else { return };
        let (at, is_within) = (event.at(), place == Place::Within);
        match word {
            "requested" | "approval_given" | "approved" | "grant_ended" | "glass_broken" | "notice_given"
            | "glass_reviewed" => self.follow(word, event, is_within),
            "used" => self.used(event, is_within),
            "use_refused" | "request_refused" | "approval_refused" | "change_refused" if is_within => {
                if word == "use_refused" {
                    one_more(&mut self.section.refused);
                }
                let reasons = event.details().filter(|(name, _)| *name == "reason" || name.starts_with("reason_"));
                for reason in reasons.filter_map(|(_, value)| value.as_text()) {
                    one_more(bounded(&mut self.reasons, reason, MAX_REASONS));
                }
            }
            "login_data_stored" if is_within => one_more(&mut self.section.login_data_found),
            "login_data_removed" if is_within => one_more(&mut self.section.login_data_removed),
            "revoked_all" => {
                if is_within {
                    one_more(&mut self.section.revoked_all);
                }
                // One asked for later is none of those: events may come out of order, and records come whole.
                let was_there =
                    |grant: &Grant| grant.row.requested_at.or(grant.touched_at).is_none_or(|asked| asked <= at);
                for grant in self.grants.values_mut().filter(|grant| grant.row.end.is_none() && was_there(grant)) {
                    let reason = crate::staff::REVOKED.to_string();
                    grant.row.end = Some(GrantEnd { at, reason, computed: false });
                }
            }
            _ => {}
        }
    }

    /// An event of one grant's life.
    fn follow(&mut self, word: &str, event: &Event, is_within: bool) {
        if event.subject().kind() != "staff_grant" {
            return;
        }
        let at = event.at();
        let Some(grant) = self.grant(event.subject().id()) else { return };
        grant.touched_at = grant.touched_at.max(Some(at));
        let row = &mut grant.row;
        for (known, name) in [
            (&mut row.staff, "staff"),
            (&mut row.area, "area"),
            (&mut row.purpose, "purpose"),
            (&mut row.reference, "reference"),
        ] {
            if known.is_none() {
                *known = text(event, name);
            }
        }
        match word {
            "requested" | "glass_broken" => {
                row.requested_at = Some(at);
                row.duration_secs = event.detail("duration_secs").and_then(Value::as_count).or(row.duration_secs);
                if word == "glass_broken" {
                    row.emergency = Some(EmergencyRow {
                        at,
                        incident: text(event, "incident"),
                        notice_due: instant(event, "notice_due"),
                        notice_at: None,
                        review_due: instant(event, "review_due"),
                        review_at: None,
                        reviewed_by: None,
                    });
                }
            }
            "approval_given" | "approved" => {
                row.approvals_needed = event.detail("needed").and_then(Value::as_count).or(row.approvals_needed);
                if grant.approvals.iter().all(|(by, known)| (by, *known) != (event.actor(), at)) {
                    grant.approvals.push((event.actor().clone(), at));
                }
            }
            "grant_ended" => {
                let reason = text(event, "reason").unwrap_or_default();
                row.end = Some(GrantEnd { at, reason, computed: false });
            }
            "notice_given" => grant.notice_at = Some(at),
            _ => {
                grant.review_at = Some(at);
                grant.reviewed_by = Some(event.actor().clone());
            }
        }
        // What was over and settled before the period is not of it, and must not take the room of what is.
        let is_over = grant.row.end.as_ref().is_some_and(|end| end.at <= at) && grant.is_settled(|done| done <= at);
        if !is_within && is_over && grant.row.uses == 0 {
            self.grants.remove(event.subject().id());
        }
    }

    fn used(&mut self, event: &Event, is_within: bool) {
        let at = event.at();
        let Some(id) = text(event, "grant") else {
            if is_within {
                one_more(&mut self.section.uses);
                let area = text(event, "area").unwrap_or_default();
                let grant_needed = [Area::CustomerData, Area::UserManager].iter().any(|of| of.as_str() == area);
                if grant_needed {
                    one_more(&mut self.section.without_needed_grant);
                }
                let (staff, purpose) = (String::new(), text(event, "purpose"));
                let used = UseWithoutGrant { at, staff, area, purpose, grant_needed };
                self.without_grant.push((event.actor().clone(), used));
            }
            return;
        };
        if is_within {
            one_more(&mut self.section.uses);
        }
        let Some(grant) = self.grant(&id) else { return };
        grant.touched_at = grant.touched_at.max(Some(at));
        if is_within && !grant.is_approved_by(at) {
            let (count, first) = grant.unapproved.unwrap_or((0, at));
            grant.unapproved = Some((count.saturating_add(1), first.min(at)));
        }
        let row = &mut grant.row;
        row.uses = row.uses.saturating_add(u64::from(is_within));
        row.first_used_at = Some(row.first_used_at.map_or(at, |first| first.min(at)));
        row.last_used_at = row.last_used_at.max(Some(at));
    }

    /// `at` is the end of the period or the present, whichever comes first.
    pub(super) fn finish(
        &self,
        from: Timestamp,
        at: Timestamp,
        has_events: bool,
        mask: &mut Masker,
    ) -> Option<StaffSection> {
        if !has_events && !self.is_given {
            return None;
        }
        let mut section = self.section.clone();
        let mut grants: Vec<(&Grant, GrantRow)> = Vec::new();
        for grant in self.grants.values() {
            let mut row = grant.row.clone();
            // Of a record that was handed in, nothing counts that came after.
            if row.requested_at.is_some_and(|asked| asked >= at) {
                continue;
            }
            row.end = row.end.filter(|end| end.at <= at);
            if row.end.is_none() {
                row.end = lapsed(&row, at);
            }
            // What was over and settled before the period began is not of the period.
            let is_over = row.end.as_ref().is_some_and(|end| end.at < from) && grant.is_settled(|done| done < from);
            if is_over && row.uses == 0 {
                continue;
            }
            // The record may have come after the events, with the approvals that they left out.
            let unapproved =
                grant.unapproved.filter(|(_, first)| row.emergency.is_none() && !grant.is_approved_by(*first));
            section.of_unknown_grants =
                section.of_unknown_grants.saturating_add(unapproved.map_or(0, |(uses, _)| uses));
            if let Some(emergency) = &mut row.emergency {
                emergency.notice_at = grant.notice_at.filter(|done| *done <= at);
                emergency.review_at = grant.review_at.filter(|done| *done <= at);
                section.count_emergency(emergency);
            }
            grants.push((grant, row));
        }
        grants.sort_by_key(|(grant, row)| row.requested_at.or(grant.touched_at));
        for (grant, row) in grants {
            section.grants.push_with(|| {
                let approvals = grant.approvals.iter().filter(|(_, given_at)| *given_at <= at);
                let approvals = approvals.map(|(by, at)| ApprovalRow { by: mask.actor(by), at: *at }).collect();
                let reviewed = row.emergency.as_ref().and_then(|emergency| emergency.review_at);
                let reviewed_by = grant.reviewed_by.as_ref().filter(|_| reviewed.is_some()).map(|by| mask.actor(by));
                let scope = grant.scope.as_ref().map(|[named, unnamed]| if mask.is_on() { unnamed } else { named });
                GrantRow {
                    approvals,
                    scope: scope.cloned(),
                    emergency: row.emergency.map(|emergency| EmergencyRow { reviewed_by, ..emergency }),
                    ..row
                }
            });
        }
        let Listed { total, rows } = &self.without_grant;
        let shown = |(by, used): &(Actor, UseWithoutGrant)| UseWithoutGrant { staff: mask.actor(by), ..used.clone() };
        section.without_grant = Listed { total: *total, rows: rows.iter().map(shown).collect() };
        section.reasons =
            self.reasons.iter().map(|(code, count)| StaffReason { code: code.clone(), count: *count }).collect();
        section.reasons.sort_by_key(|reason| core::cmp::Reverse(reason.count));
        Some(section)
    }
}

/// Its time is over, though nobody looked at it since: from its first use, it lasts so long and no longer.
fn lapsed(row: &GrantRow, at: Timestamp) -> Option<GrantEnd> {
    let start = row.first_used_at.or(row.emergency.as_ref().map(|emergency| emergency.at))?;
    let over = start.saturating_add(core::time::Duration::from_secs(row.duration_secs?));
    let reason = crate::staff::EXPIRED.to_string();
    (over <= at).then_some(GrantEnd { at: over, reason, computed: true })
}
