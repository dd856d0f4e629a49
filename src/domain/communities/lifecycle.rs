//! The life of a membership: 30 days at a time where there is a monthly fee.

use chrono::{DateTime, TimeDelta, Utc};
use entity::membership;
use sea_orm::ActiveValue::Set;

use super::roles::is_team;
use crate::domain::{Error, Result};

/// How long a monthly fee pays for.
pub(crate) const PERIOD: TimeDelta = TimeDelta::days(30);
/// How long a membership that renews itself lives on while the balance does not cover it.
pub(in crate::domain) const GRACE: TimeDelta = TimeDelta::days(3);
/// How long after a failed renewal the next is tried.
const PAUSE: TimeDelta = TimeDelta::hours(6);

/// What a membership is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Active,
    /// Everything until what was paid ends, by its owner's wish.
    Cancelled,
    /// Nothing until it is renewed.
    Expired,
}

/// What a membership is good for at this time.
pub fn standing(membership: &membership::Model, now: DateTime<Utc>) -> Standing {
    Lifecycle::of(membership, now).standing()
}

/// When a membership that is good for something has to be looked at again; none when it does not end.
pub fn valid_until(membership: &membership::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match Lifecycle::of(membership, now) {
        Lifecycle::Paid { until } | Lifecycle::Cancelled { until } => Some(until),
        Lifecycle::Renewing { until, .. } => Some(until + GRACE),
        Lifecycle::Open | Lifecycle::Expired { .. } => None,
    }
}

/// Where a membership stands in its life. A transition consumes where it stood and gives where it stands then, or
/// says why it cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// There is nothing to pay, so it does not end.
    Open,
    /// Paid until then, and over after that unless its owner renews it.
    Paid {
        /// The end of what is paid.
        until: DateTime<Utc>,
    },
    /// Paid until then, and renewed by itself.
    Renewing {
        /// The end of what is paid; past in the days of grace.
        until: DateTime<Utc>,
        /// Whole coins that a period may cost at most.
        agreed: i64,
        /// When renewing it is tried next.
        next: DateTime<Utc>,
    },
    /// Paid until then, and over after that.
    Cancelled {
        /// The end of what is paid.
        until: DateTime<Utc>,
    },
    /// Over.
    Expired {
        /// The end of what was paid.
        since: DateTime<Utc>,
    },
}

/// What is kept of a lifecycle, in whatever row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Terms {
    /// The end of what is paid; none where there is nothing to pay.
    pub(in crate::domain) paid_until: Option<DateTime<Utc>>,
    /// Whether it ends with that, by its owner's wish.
    pub(in crate::domain) is_cancelled: bool,
    /// Whole coins that the next period may cost when it renews itself.
    pub(in crate::domain) agreed: Option<i64>,
    /// When renewing it is tried next.
    pub(in crate::domain) renew_at: Option<DateTime<Utc>>,
}

impl Lifecycle {
    /// Where this membership stands at this time. The team's does not end, whatever was paid.
    pub fn of(membership: &membership::Model, now: DateTime<Utc>) -> Self {
        let terms = Terms {
            paid_until: membership.paid_until.filter(|_| !is_team(membership.role)),
            is_cancelled: membership.is_cancelled,
            agreed: membership.agreed_fee,
            renew_at: membership.renew_at,
        };
        Self::read(terms, now)
    }

    /// Where what is kept so stands at this time.
    pub(in crate::domain) fn read(terms: Terms, now: DateTime<Utc>) -> Self {
        let Some(until) = terms.paid_until else { return Self::Open };
        match terms.agreed {
            Some(agreed) if now < until + GRACE => {
                Self::Renewing { until, agreed, next: terms.renew_at.unwrap_or(until) }
            }
            _ if now >= until => Self::Expired { since: until },
            _ if terms.is_cancelled => Self::Cancelled { until },
            _ => Self::Paid { until },
        }
    }

    /// What it is good for.
    pub fn standing(self) -> Standing {
        match self {
            Self::Open | Self::Paid { .. } | Self::Renewing { .. } => Standing::Active,
            Self::Cancelled { .. } => Standing::Cancelled,
            Self::Expired { .. } => Standing::Expired,
        }
    }

    /// A new membership that a monthly fee of so many coins was paid for.
    pub fn begin(fee: i64, now: DateTime<Utc>) -> Self {
        if fee == 0 { Self::Open } else { Self::Paid { until: now + PERIOD } }
    }

    /// Its owner pays for another period: when it is over, or in the days of grace.
    ///
    /// # Errors
    /// [`Error::AlreadyMember`] while it is paid.
    pub fn renew(self, fee: i64, now: DateTime<Utc>) -> Result<Self> {
        match self {
            Self::Expired { .. } => Ok(Self::begin(fee, now)),
            Self::Renewing { until, .. } if now >= until => Ok(self.renew_itself(fee)),
            _ => Err(Error::AlreadyMember),
        }
    }

    /// It pays for another period by itself, which begins where the last one ended. What does not renew itself stays
    /// as it is.
    pub fn renew_itself(self, fee: i64) -> Self {
        match self {
            Self::Renewing { .. } if fee == 0 => Self::Open,
            Self::Renewing { until, agreed, .. } => {
                let until = until + PERIOD;
                Self::Renewing { until, agreed, next: until }
            }
            other => other,
        }
    }

    /// The balance does not cover it: tried again within the days of grace, over after them.
    pub fn postpone(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::Renewing { until, .. } if now >= until + GRACE => Self::Expired { since: until },
            Self::Renewing { until, agreed, .. } => {
                Self::Renewing { until, agreed, next: (now + PAUSE).min(until + GRACE) }
            }
            other => other,
        }
    }

    /// From now on it renews itself, for so many coins at most. Takes back what was cancelled.
    ///
    /// # Errors
    /// [`Error::Conflict`] where there is nothing to renew, [`Error::MembershipExpired`].
    pub fn start_renewing(self, agreed: i64) -> Result<Self> {
        match self {
            Self::Open => Err(endless()),
            Self::Paid { until } | Self::Cancelled { until } => {
                Ok(Self::Renewing { until, agreed, next: until })
            }
            Self::Renewing { until, next, .. } => Ok(Self::Renewing { until, agreed, next }),
            Self::Expired { .. } => Err(Error::MembershipExpired),
        }
    }

    /// From now on it does not renew itself.
    pub fn stop_renewing(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::Renewing { until, .. } if now >= until => Self::Expired { since: until },
            Self::Renewing { until, .. } => Self::Paid { until },
            other => other,
        }
    }

    /// It is to end with what is paid.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it has no end, [`Error::MembershipExpired`].
    pub fn cancel(self, now: DateTime<Utc>) -> Result<Self> {
        match self.stop_renewing(now) {
            Self::Open => Err(endless()),
            Self::Paid { until } | Self::Renewing { until, .. } | Self::Cancelled { until } => {
                Ok(Self::Cancelled { until })
            }
            // In the days of grace what is paid has ended already.
            Self::Expired { since } if self != (Self::Expired { since }) => Ok(Self::Expired { since }),
            Self::Expired { .. } => Err(Error::MembershipExpired),
        }
    }

    /// It is not to end by its owner's wish after all.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless it was cancelled, [`Error::MembershipExpired`].
    pub fn resume(self) -> Result<Self> {
        match self {
            Self::Cancelled { until } => Ok(Self::Paid { until }),
            Self::Expired { .. } => Err(Error::MembershipExpired),
            _ => Err(Error::Conflict("This membership is not cancelled".to_owned())),
        }
    }

    /// What is kept of it.
    pub(in crate::domain) fn terms(self) -> Terms {
        let (paid_until, is_cancelled, agreed, renew_at) = match self {
            Self::Open => (None, false, None, None),
            Self::Paid { until } | Self::Expired { since: until } => (Some(until), false, None, None),
            Self::Renewing { until, agreed, next } => (Some(until), false, Some(agreed), Some(next)),
            Self::Cancelled { until } => (Some(until), true, None, None),
        };
        Terms { paid_until, is_cancelled, agreed, renew_at }
    }

    /// Writes where it stands into its row.
    pub(super) fn write(self, row: &mut membership::ActiveModel) {
        let Terms { paid_until, is_cancelled, agreed, renew_at } = self.terms();
        row.paid_until = Set(paid_until);
        row.is_cancelled = Set(is_cancelled);
        row.agreed_fee = Set(agreed);
        row.renew_at = Set(renew_at);
    }
}

fn endless() -> Error {
    Error::Conflict("This membership does not end: there is nothing to pay for it".to_owned())
}
