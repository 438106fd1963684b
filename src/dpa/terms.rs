//! The agreement's numbers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::DpaTermsError;
use crate::deadline::Period;

/// 25 May 2018, from which GDPR applies and the second wording of section 7.1 with it.
const REQUEST_TEXT_FROM: NaiveDate = match NaiveDate::from_ymd_opt(2018, 5, 25) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The time limits of a data-processing agreement, checked.
///
/// [`DpaTerms::default`] holds the numbers of the CleverTap Data Processing Addendum:
///
/// | field | the addendum's number | clause |
/// |---|---|---|
/// | `deletion` | 1 month of the Cessation Date | `D-10.1b` |
/// | `return_window` | 90 days of the Cessation Date | `D-10.2a` |
/// | `return_compliance` | 1 month of the Cessation Date | `D-10.2d` |
/// | `certification` | 30 days of the request | `D-10.4` |
/// | `objection` | 2 weeks of receipt of the notice | `D-6.3b` |
/// | `audit_report_age` | not older than 18 months | `D-11.2a` |
/// | `list_update` | at least once a year | `SCC-11.4` |
/// | `variation_notice` | at least 60 days | `D-13.4.1` |
/// | `request_text_from` | 25 May 2018 | `D-7.2a` |
///
/// Another customer's numbers are another value, built with [`DpaTerms::builder`] or read with serde,
/// which checks them again and wants every field. Each period is at least 1 and at most 10,000 days,
/// 1,428 weeks or 328 months. That the terms fit together is not required, only reported: see
/// [`ExitPlan::conflicts`](super::ExitPlan::conflicts).
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::dpa::DpaTerms;
///
/// let addendum = DpaTerms::default();
/// assert_eq!(addendum.deletion_period(), Period::Months(1));
///
/// let other = DpaTerms::builder().deletion(Period::Days(30)).build()?;
/// let json = serde_json::to_string(&other)?;
/// assert_eq!(serde_json::from_str::<DpaTerms>(&json)?, other);
///
/// // Neither the builder nor serde lets an impossible number in.
/// assert!(DpaTerms::builder().deletion(Period::Months(0)).build().is_err());
/// assert!(serde_json::from_str::<DpaTerms>(&json.replace("30", "0")).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "DpaTermsBuilder")]
pub struct DpaTerms(DpaTermsBuilder);

impl DpaTerms {
    /// Starts from the addendum's numbers.
    pub const fn builder() -> DpaTermsBuilder {
        DpaTermsBuilder {
            deletion: Period::Months(1),
            return_window: Period::Days(90),
            return_compliance: Period::Months(1),
            certification: Period::Days(30),
            objection: Period::Weeks(2),
            audit_report_age: Period::Months(18),
            list_update: Period::Years(1),
            variation_notice: Period::Days(60),
            request_text_from: REQUEST_TEXT_FROM,
        }
    }

    /// Deletion after the Cessation Date (`D-10.1b`).
    #[must_use]
    pub const fn deletion_period(&self) -> Period {
        self.0.deletion
    }

    /// How long after the Cessation Date a return may be asked for (`D-10.2a`).
    #[must_use]
    pub const fn return_window_period(&self) -> Period {
        self.0.return_window
    }

    /// Compliance with a return request, after the Cessation Date (`D-10.2d`).
    #[must_use]
    pub const fn return_compliance_period(&self) -> Period {
        self.0.return_compliance
    }

    /// Certification after its request (`D-10.4`).
    #[must_use]
    pub const fn certification_period(&self) -> Period {
        self.0.certification
    }

    /// Objection after receipt of the notice of a new Subprocessor (`D-6.3b`).
    #[must_use]
    pub const fn objection_period(&self) -> Period {
        self.0.objection
    }

    /// The age up to which an audit report may be provided (`D-11.2a`).
    #[must_use]
    pub const fn audit_report_age(&self) -> Period {
        self.0.audit_report_age
    }

    /// How often the exporter's list of subprocessing agreements is updated (`SCC-11.4`).
    #[must_use]
    pub const fn list_update_period(&self) -> Period {
        self.0.list_update
    }

    /// The notice of a variation of the Standard Contractual Clauses (`D-13.4.1`).
    #[must_use]
    pub const fn variation_notice_period(&self) -> Period {
        self.0.variation_notice
    }

    /// The first day of the second wording on Data Subject Requests (`D-7.2a`).
    #[must_use]
    pub const fn request_text_from(&self) -> NaiveDate {
        self.0.request_text_from
    }
}

/// The numbers of the CleverTap Data Processing Addendum.
impl Default for DpaTerms {
    fn default() -> Self {
        // INVARIANT: the addendum's numbers pass `build`; a test holds it.
        Self(Self::builder())
    }
}

impl TryFrom<DpaTermsBuilder> for DpaTerms {
    type Error = DpaTermsError;

    fn try_from(builder: DpaTermsBuilder) -> Result<Self, DpaTermsError> {
        builder.build()
    }
}

/// Terms on their way to be checked. Made by [`DpaTerms::builder`].
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::dpa::DpaTerms;
///
/// let strict = DpaTerms::builder().objection(Period::Days(30)).certification(Period::Weeks(1)).build()?;
/// assert_eq!(strict.objection_period(), Period::Days(30));
/// assert!(DpaTerms::builder().audit_report_age(Period::Months(1_800)).build().is_err());
/// # Ok::<(), clausework::dpa::DpaTermsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct DpaTermsBuilder {
    deletion: Period,
    return_window: Period,
    return_compliance: Period,
    certification: Period,
    objection: Period,
    audit_report_age: Period,
    list_update: Period,
    variation_notice: Period,
    request_text_from: NaiveDate,
}

impl DpaTermsBuilder {
    /// Sets the period for deletion after the Cessation Date (`D-10.1b`).
    pub const fn deletion(mut self, period: Period) -> Self {
        self.deletion = period;
        self
    }

    /// Sets how long after the Cessation Date a return may be asked for (`D-10.2a`).
    pub const fn return_window(mut self, period: Period) -> Self {
        self.return_window = period;
        self
    }

    /// Sets the period for compliance with a return request, after the Cessation Date (`D-10.2d`).
    pub const fn return_compliance(mut self, period: Period) -> Self {
        self.return_compliance = period;
        self
    }

    /// Sets the period for certification after its request (`D-10.4`).
    pub const fn certification(mut self, period: Period) -> Self {
        self.certification = period;
        self
    }

    /// Sets the period for objection after receipt of the notice (`D-6.3b`).
    pub const fn objection(mut self, period: Period) -> Self {
        self.objection = period;
        self
    }

    /// Sets the age up to which an audit report may be provided (`D-11.2a`).
    pub const fn audit_report_age(mut self, period: Period) -> Self {
        self.audit_report_age = period;
        self
    }

    /// Sets how often the exporter's list is updated (`SCC-11.4`).
    pub const fn list_update(mut self, period: Period) -> Self {
        self.list_update = period;
        self
    }

    /// Sets the notice of a variation of the Standard Contractual Clauses (`D-13.4.1`).
    pub const fn variation_notice(mut self, period: Period) -> Self {
        self.variation_notice = period;
        self
    }

    /// Sets the first day of the second wording on Data Subject Requests (`D-7.2a`).
    pub const fn request_text_from(mut self, day: NaiveDate) -> Self {
        self.request_text_from = day;
        self
    }

    /// Checks every number.
    ///
    /// # Errors
    ///
    /// [`DpaTermsError`] names the first field whose period is zero, longer than 10,000 days,
    /// 1,428 weeks, 328 months or 27 years, or in working days, which need a calendar.
    pub fn build(self) -> Result<DpaTerms, DpaTermsError> {
        for (term, period) in [
            ("deletion", self.deletion),
            ("return_window", self.return_window),
            ("return_compliance", self.return_compliance),
            ("certification", self.certification),
            ("objection", self.objection),
            ("audit_report_age", self.audit_report_age),
            ("list_update", self.list_update),
            ("variation_notice", self.variation_notice),
        ] {
            check(term, period)?;
        }
        Ok(DpaTerms(self))
    }
}

pub(super) const fn check(term: &'static str, period: Period) -> Result<(), DpaTermsError> {
    let (count, max, longest) = match period {
        Period::Days(count) => (count, 10_000, Period::Days(10_000)),
        Period::Weeks(count) => (count, 1_428, Period::Weeks(1_428)),
        Period::Months(count) => (count, 328, Period::Months(328)),
        Period::WorkingDays(_) => return Err(DpaTermsError::NeedsCalendar { term, period }),
        Period::Years(count) => (count, 27, Period::Years(27)),
    };
    if count == 0 {
        Err(DpaTermsError::Empty { term, period })
    } else if count > max {
        Err(DpaTermsError::TooLong { term, period, longest })
    } else {
        Ok(())
    }
}
