use serde::{Deserialize, Serialize};

use crate::event::{Actor, Stamp};
use crate::time::Now;

/// A row of the host's own with its [`Stamp`]: who created it and when, who changed it last and when, and how often
/// (E-5.4, A2-Input-8).
///
/// A host whose functions of storage take `&Stamped<T>` cannot store a row that nobody has stamped, nor one that was
/// changed without saying by whom: there is no other way to make one, and none to reach into it.
///
/// ```
/// use clausework::{Now, Timestamp, AccountId, audit::Stamped, event::Actor};
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Invoice { total: u64 }
/// fn store(row: &Stamped<Invoice>) { /* the columns of the stamp, and those of the row */ }
///
/// # let monday = Now::from(Timestamp::from_micros(0).ok_or("out of range")?);
/// # let friday = Now::from(Timestamp::from_micros(345_600_000_000).ok_or("out of range")?);
/// let (anna, otto) = (Actor::User(AccountId::try_new("u-17")?), Actor::User(AccountId::try_new("u-18")?));
/// let invoice = Stamped::create(monday, anna.clone(), Invoice { total: 3 });
/// store(&invoice);
/// let invoice = invoice.update(friday, otto, |invoice| Invoice { total: 5, ..invoice });
/// store(&invoice);
/// assert_eq!((invoice.stamp().revision(), invoice.stamp().created_by()), (2, &anna));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Forgetting it does not compile:
///
/// ```compile_fail
/// # struct Invoice { total: u64 }
/// fn store(row: &clausework::audit::Stamped<Invoice>) {}
/// store(&Invoice { total: 3 }); // nobody has said who
/// ```
///
/// ```compile_fail
/// # struct Invoice { total: u64 }
/// fn change(mut row: clausework::audit::Stamped<Invoice>) {
///     row.total = 5; // nor who changed it
/// }
/// ```
///
/// As text it is `{"stamp":…,"row":…}`; reading it checks that the stamp is one that these functions make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored<T>")]
pub struct Stamped<T> {
    stamp: Stamp,
    row: T,
}

impl<T> Stamped<T> {
    /// A new row, created now by this actor.
    #[must_use]
    pub fn create(now: Now, by: Actor, row: T) -> Self {
        Self { stamp: Stamp::created(now, by), row }
    }

    /// The row as it becomes, changed now by this actor. A clock that has gone back is held at the last change, so
    /// that the instants of a row are in order.
    #[must_use]
    pub fn update(self, now: Now, by: Actor, change: impl FnOnce(T) -> T) -> Self {
        let now = Now::from(now.timestamp().max(self.stamp.updated_at()));
        Self { stamp: self.stamp.updated(now, by), row: change(self.row) }
    }

    /// The same where the change may be refused: then nothing is changed and nothing stamped.
    ///
    /// # Errors
    /// Whatever `change` says.
    ///
    /// ```
    /// use clausework::{Now, Timestamp, audit::Stamped, event::Actor};
    ///
    /// let now = Now::from(Timestamp::MIN);
    /// let row = Stamped::create(now, Actor::Unauthenticated, 250_u8);
    /// let more = |by: u8| move |row: u8| row.checked_add(by).ok_or("too much");
    /// assert_eq!(row.clone().try_update(now, Actor::Unauthenticated, more(9)), Err("too much"));
    /// assert_eq!(row.try_update(now, Actor::Unauthenticated, more(5)).map(|row| *row.row()), Ok(255));
    /// ```
    pub fn try_update<E>(self, now: Now, by: Actor, change: impl FnOnce(T) -> Result<T, E>) -> Result<Self, E> {
        let Self { stamp, row } = self;
        let row = change(row)?;
        Ok(Self { stamp, row }.update(now, by, |row| row))
    }

    /// Who and when.
    #[must_use]
    pub const fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// The row.
    #[must_use]
    pub const fn row(&self) -> &T {
        &self.row
    }

    /// Both, for the columns of a table.
    #[must_use]
    pub fn into_parts(self) -> (Stamp, T) {
        (self.stamp, self.row)
    }

    /// A row that was stored in columns of the host's own.
    ///
    /// # Errors
    /// [`StampError`] when no row is ever stamped so: changed before it was created, or never created.
    pub fn from_parts(stamp: Stamp, row: T) -> Result<Self, StampError> {
        let new = stamp.created_at() == stamp.updated_at() && stamp.created_by() == stamp.updated_by();
        match stamp.revision() {
            0 => Err(StampError),
            1 if !new => Err(StampError),
            _ if stamp.updated_at() < stamp.created_at() => Err(StampError),
            _ => Ok(Self { stamp, row }),
        }
    }
}

/// A stamp that no row is ever given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no row is ever stamped like this: revision, creator and last change contradict each other")]
#[allow(clippy::exhaustive_structs, reason = "it says nothing more")]
pub struct StampError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<T> {
    stamp: Stamp,
    row: T,
}

impl<T> TryFrom<Stored<T>> for Stamped<T> {
    type Error = StampError;

    fn try_from(Stored { stamp, row }: Stored<T>) -> Result<Self, StampError> {
        Self::from_parts(stamp, row)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;
    use crate::id::AccountId;
    use crate::time::Timestamp;

    fn at(micros: i64) -> Now {
        Now::from(Timestamp::from_micros(micros).unwrap())
    }

    fn user(id: &str) -> Actor {
        Actor::User(AccountId::try_new(id).unwrap())
    }

    #[test]
    fn a_row_keeps_its_creator_and_counts_its_changes() {
        let row = Stamped::create(at(10), user("a"), 1);
        assert_eq!((row.stamp().created_by(), row.stamp().updated_by()), (&user("a"), &user("a")));
        let row = row.update(at(20), user("b"), |row| row + 1).update(at(30), user("c"), |row| row + 1);
        let stamp = row.stamp();
        assert_eq!((stamp.created_by(), stamp.created_at()), (&user("a"), at(10).timestamp()));
        assert_eq!((stamp.updated_by(), stamp.updated_at()), (&user("c"), at(30).timestamp()));
        assert_eq!((stamp.revision(), *row.row()), (3, 3));
    }

    #[test]
    fn a_clock_that_goes_back_does_not_put_the_change_before_the_creation() {
        let row = Stamped::create(at(10), user("a"), 1).update(at(5), user("b"), |row| row);
        assert_eq!(row.stamp().updated_at(), at(10).timestamp());
        assert!(Stamped::from_parts(row.stamp().clone(), ()).is_ok());
    }

    #[test]
    fn only_stamps_that_are_given_are_read() {
        let text = serde_json::to_string(&Stamped::create(at(0), user("a"), String::from("x"))).unwrap();
        let day = "1970-01-01T00:00:00.000000Z";
        assert_eq!(
            text,
            alloc::format!(
                r#"{{"stamp":{{"created_by":{{"user":"a"}},"created_at":"{day}","updated_by":{{"user":"a"}},"updated_at":"{day}","revision":1}},"row":"x"}}"#
            )
        );
        let read = |text: &str| serde_json::from_str::<Stamped<String>>(text).map(|row| row.stamp().revision());
        assert_eq!(read(&text).unwrap(), 1);
        assert_eq!(read(&text.replace(r#""revision":1"#, r#""revision":2"#)).unwrap(), 2);
        let later = "1970-01-02T00:00:00.000000Z";
        for wrong in [
            text.replace(r#""revision":1"#, r#""revision":0"#),
            text.replace(r#""updated_by":{"user":"a"}"#, r#""updated_by":{"user":"b"}"#),
            text.replace(&alloc::format!(r#""updated_at":"{day}""#), &alloc::format!(r#""updated_at":"{later}""#)),
            text.replace(&alloc::format!(r#""created_at":"{day}""#), &alloc::format!(r#""created_at":"{later}""#))
                .replace(r#""revision":1"#, r#""revision":2"#),
            text.replace(r#""row":"x""#, r#""row":"x","more":1"#),
        ] {
            assert_ne!(wrong, text);
            assert!(read(&wrong).is_err(), "{wrong}");
        }
        assert!(StampError.to_string().starts_with("no row"));
    }
}
