//! Lifecycle of a membership. A monthly fee pays for 30 days.

use chrono::{DateTime, TimeDelta, Utc};
use entity::membership::{self, Role};
use sea_orm::ActiveValue::Set;

use super::roles::is_team;
use crate::error::{Error, Result};

/// Period that one monthly fee pays for.
pub(crate) const PERIOD: TimeDelta = TimeDelta::days(30);
/// How long a renewing membership stays valid after its period while the balance does not cover the
/// renewal.
pub(in crate::domain) const GRACE: TimeDelta = TimeDelta::days(3);
/// Time between a failed renewal and the next attempt.
const PAUSE: TimeDelta = TimeDelta::hours(6);

/// State of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipState {
    /// The membership grants all its rights.
    Active,
    /// The membership grants all its rights until the paid period ends; its owner cancelled it.
    Cancelled,
    /// The membership grants no rights until it is renewed.
    Expired,
}

/// Returns the state of a membership at this time.
pub fn membership_state(membership: &membership::Model, now: DateTime<Utc>) -> MembershipState {
    Lifecycle::of(membership, now).state()
}

/// Returns when a valid membership must be revalidated; `None` if it does not end or has expired.
pub fn valid_until(membership: &membership::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match Lifecycle::of(membership, now) {
        Lifecycle::Paid { until } | Lifecycle::Cancelled { until } => Some(until),
        Lifecycle::Renewing { until, .. } => Some(until + GRACE),
        Lifecycle::Open | Lifecycle::Expired { .. } => None,
    }
}

/// Lifecycle of a membership. A transition consumes one state and returns the next, or an error if it is
/// not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Free of charge: does not end.
    Open,
    /// Paid until a time; expires then unless its owner renews it.
    Paid {
        /// End of the paid period.
        until: DateTime<Utc>,
    },
    /// Paid until a time, and renewed automatically.
    Renewing {
        /// End of the paid period; in the past during the grace period.
        until: DateTime<Utc>,
        /// Maximum price of a period, in whole coins.
        agreed: i64,
        /// When the next renewal is attempted.
        next: DateTime<Utc>,
    },
    /// Cancelled: paid until a time, then expires.
    Cancelled {
        /// End of the paid period.
        until: DateTime<Utc>,
    },
    /// Expired.
    Expired {
        /// End of the paid period.
        since: DateTime<Utc>,
    },
}

/// A lifecycle as stored columns, of any table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Terms {
    /// End of the paid period; `None` if there is nothing to pay.
    pub(in crate::domain) paid_until: Option<DateTime<Utc>>,
    /// Whether its owner cancelled it.
    pub(in crate::domain) is_cancelled: bool,
    /// Maximum price of the next period, in whole coins; `None` if it does not renew automatically.
    pub(in crate::domain) agreed: Option<i64>,
    /// When the next renewal is attempted.
    pub(in crate::domain) renew_at: Option<DateTime<Utc>>,
}

impl Lifecycle {
    /// Returns the lifecycle of a membership at this time. A team membership does not end, even after
    /// its paid period.
    pub fn of(membership: &membership::Model, now: DateTime<Utc>) -> Self {
        let terms = Terms {
            paid_until: membership.paid_until,
            is_cancelled: membership.is_cancelled,
            agreed: membership.agreed_fee,
            renew_at: membership.renew_at,
        };
        Self::of_member(membership.role, terms, now)
    }

    /// Returns the lifecycle of the membership of this role with these terms at this time.
    pub(in crate::domain) fn of_member(role: Role, terms: Terms, now: DateTime<Utc>) -> Self {
        Self::read(Terms { paid_until: terms.paid_until.filter(|_| !is_team(role)), ..terms }, now)
    }

    /// Returns the lifecycle that these stored terms mean at this time.
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

    /// Returns the state of the membership.
    pub fn state(self) -> MembershipState {
        match self {
            Self::Open | Self::Paid { .. } | Self::Renewing { .. } => MembershipState::Active,
            Self::Cancelled { .. } => MembershipState::Cancelled,
            Self::Expired { .. } => MembershipState::Expired,
        }
    }

    /// Starts a membership after payment of a monthly fee, in coins.
    pub fn begin(fee: i64, now: DateTime<Utc>) -> Self {
        if fee == 0 { Self::Open } else { Self::Paid { until: now + PERIOD } }
    }

    /// Renews on payment of `fee` by the owner: after expiry or in the grace period.
    ///
    /// # Errors
    /// [`Error::AlreadyMember`] during the paid period.
    pub fn renew(self, fee: i64, now: DateTime<Utc>) -> Result<Self> {
        match self {
            Self::Expired { .. } => Ok(Self::begin(fee, now)),
            Self::Renewing { until, .. } if now >= until => Ok(self.renew_itself(fee)),
            _ => Err(Error::AlreadyMember),
        }
    }

    /// Renews automatically for the period that follows the last one. Other lifecycles stay unchanged.
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

    /// Handles a balance that does not cover the renewal: another attempt within the grace period, expiry
    /// after it.
    pub fn postpone(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::Renewing { until, .. } if now >= until + GRACE => Self::Expired { since: until },
            Self::Renewing { until, agreed, .. } => {
                Self::Renewing { until, agreed, next: (now + PAUSE).min(until + GRACE) }
            }
            other => other,
        }
    }

    /// Turns automatic renewal on, for at most `agreed` coins per period. Revokes a cancellation.
    ///
    /// # Errors
    /// [`Error::Conflict`] if there is nothing to renew, [`Error::MembershipExpired`].
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

    /// Turns automatic renewal off.
    pub fn stop_renewing(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::Renewing { until, .. } if now >= until => Self::Expired { since: until },
            Self::Renewing { until, .. } => Self::Paid { until },
            other => other,
        }
    }

    /// Cancels the membership at the end of the paid period.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it does not end, [`Error::MembershipExpired`].
    pub fn cancel(self, now: DateTime<Utc>) -> Result<Self> {
        match self.stop_renewing(now) {
            Self::Open => Err(endless()),
            Self::Paid { until } | Self::Renewing { until, .. } | Self::Cancelled { until } => {
                Ok(Self::Cancelled { until })
            }
            // In the grace period the paid period has already ended.
            Self::Expired { since } if self != (Self::Expired { since }) => Ok(Self::Expired { since }),
            Self::Expired { .. } => Err(Error::MembershipExpired),
        }
    }

    /// Revokes a cancellation.
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

    /// Returns the stored columns.
    pub(in crate::domain) fn terms(self) -> Terms {
        let (paid_until, is_cancelled, agreed, renew_at) = match self {
            Self::Open => (None, false, None, None),
            Self::Paid { until } | Self::Expired { since: until } => (Some(until), false, None, None),
            Self::Renewing { until, agreed, next } => (Some(until), false, Some(agreed), Some(next)),
            Self::Cancelled { until } => (Some(until), true, None, None),
        };
        Terms { paid_until, is_cancelled, agreed, renew_at }
    }

    /// Writes the lifecycle into its row.
    pub(super) fn write(self, row: &mut membership::ActiveModel) {
        let Terms { paid_until, is_cancelled, agreed, renew_at } = self.terms();
        row.paid_until = Set(paid_until);
        row.is_cancelled = Set(is_cancelled);
        row.agreed_fee = Set(agreed);
        row.renew_at = Set(renew_at);
    }
}

fn endless() -> Error {
    Error::Conflict("This membership is free and does not end".to_owned())
}
