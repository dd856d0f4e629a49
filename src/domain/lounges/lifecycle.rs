//! The life of a subscription: that of a membership that is paid for, in a row of its own.

use chrono::{DateTime, Utc};
use entity::lounge_subscription;
use sea_orm::ActiveValue::Set;

use crate::domain::{
    Error, Result,
    communities::{Lifecycle, Standing, Terms},
};

/// What a subscription is good for at this time.
pub fn standing(subscription: &lounge_subscription::Model, now: DateTime<Utc>) -> Standing {
    read(subscription, now).standing()
}

/// When a subscription ends unless it is paid for again: some days after what is paid where it renews itself.
pub fn valid_until(subscription: &lounge_subscription::Model) -> DateTime<Utc> {
    let grace = subscription.agreed_price.map(|_| crate::domain::communities::GRACE);
    subscription.paid_until + grace.unwrap_or_default()
}

/// Where a subscription stands at this time.
pub(super) fn read(subscription: &lounge_subscription::Model, now: DateTime<Utc>) -> Lifecycle {
    let terms = Terms {
        paid_until: Some(subscription.paid_until),
        is_cancelled: subscription.is_cancelled,
        agreed: subscription.agreed_price,
        renew_at: subscription.renew_at,
    };
    Lifecycle::read(terms, now)
}

/// Writes where it stands into its row.
pub(super) fn write(lifecycle: Lifecycle, row: &mut lounge_subscription::ActiveModel) -> Result<()> {
    let terms = lifecycle.terms();
    let endless = || Error::Internal(anyhow::anyhow!("a subscription without an end"));
    row.paid_until = Set(terms.paid_until.ok_or_else(endless)?);
    row.is_cancelled = Set(terms.is_cancelled);
    row.agreed_price = Set(terms.agreed);
    row.renew_at = Set(terms.renew_at);
    Ok(())
}
