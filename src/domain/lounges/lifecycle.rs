//! Lifecycle of a lounge subscription: that of a paid membership, stored in its own row.

use chrono::{DateTime, Utc};
use entity::lounge_subscription;
use sea_orm::ActiveValue::Set;

use crate::{
    domain::communities::{Lifecycle, MembershipState, Terms},
    error::{Error, Result},
};

/// Returns the state of a subscription at this time.
pub fn subscription_state(subscription: &lounge_subscription::Model, now: DateTime<Utc>) -> MembershipState {
    read(subscription, now).state()
}

/// Returns when a subscription ends unless it is renewed, including the grace period if it renews
/// automatically.
pub fn valid_until(subscription: &lounge_subscription::Model) -> DateTime<Utc> {
    let grace = subscription.agreed_price.map(|_| crate::domain::communities::GRACE);
    subscription.paid_until + grace.unwrap_or_default()
}

/// Returns the lifecycle of a subscription at this time.
pub(super) fn read(subscription: &lounge_subscription::Model, now: DateTime<Utc>) -> Lifecycle {
    let terms = Terms {
        paid_until: Some(subscription.paid_until),
        is_cancelled: subscription.is_cancelled,
        agreed: subscription.agreed_price,
        renew_at: subscription.renew_at,
    };
    Lifecycle::read(terms, now)
}

/// Writes the lifecycle into its row.
pub(super) fn write(lifecycle: Lifecycle, row: &mut lounge_subscription::ActiveModel) -> Result<()> {
    let terms = lifecycle.terms();
    let endless = || Error::Internal(anyhow::anyhow!("a subscription without an end"));
    row.paid_until = Set(terms.paid_until.ok_or_else(endless)?);
    row.is_cancelled = Set(terms.is_cancelled);
    row.agreed_price = Set(terms.agreed);
    row.renew_at = Set(terms.renew_at);
    Ok(())
}
