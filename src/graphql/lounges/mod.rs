//! Lounges: cloned voice, voice allowance, subscriptions and statistics.

pub(super) mod changes;
pub(super) mod loaders;
pub(super) mod voices;

use std::time::Duration;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::{lounge, lounge_subscription};
use uuid::Uuid;

use self::loaders::{Allowances, Lounges, OwnSubscriptions};
use super::{
    Coins, DateTime, RestDocument,
    communities::{
        kinds::{Community, Lounge},
        memberships::SubscriptionStatus,
    },
    context::{ContextExt, uuid},
    conversations::Conversation,
    loaders::ReadableAt,
};
use crate::{
    domain::{
        conversations::ConversationScope,
        lounges::{self, Allowance, Day, Totals},
    },
    error::{Error, Result},
};

/// States of a lounge's cloned voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "lounge::VoiceStatus")]
pub(super) enum VoiceStatus {
    /// No voice was cloned; the agent speaks with one of the server's voices.
    None,
    /// The voice is being cloned.
    Processing,
    /// The voice is ready and used for answers.
    Ready,
    /// Cloning failed; see `reason`.
    Failed,
}

/// State of a lounge's cloned voice.
#[derive(SimpleObject)]
pub(super) struct LoungeVoice {
    /// Progress of cloning.
    status: VoiceStatus,
    /// Id of the voice at its provider; null until the voice is ready.
    model_id: Option<String>,
    /// Reason why the lounge has no cloned voice; null when nothing prevents one.
    reason: Option<String>,
    /// URL of the recordings that the voice is cloned from; null for viewers other than the creator.
    samples_url: Option<String>,
}

/// The viewer's voice allowance in a lounge, per day of the lounge's time zone.
#[derive(SimpleObject)]
pub(super) struct VoiceAllowance {
    /// Free seconds per day.
    free_seconds: i64,
    /// Whole seconds of the free allowance used today, including audio that is being generated.
    used_seconds: i64,
    /// Seconds left today; null when unlimited.
    left_seconds: Option<i64>,
    /// True when no limit applies because the viewer subscribes to the lounge or is its creator.
    is_unlimited: bool,
    /// Time when the next day begins in the lounge's time zone.
    resets_at: DateTime,
}

/// The viewer's subscription to unlimited voice in a lounge.
pub(super) struct LoungeSubscription(pub(super) lounge_subscription::Model);

/// The viewer's subscription to unlimited voice in a lounge.
#[Object]
impl LoungeSubscription {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Id of the lounge.
    async fn lounge_id(&self) -> ID {
        self.0.community_id.into()
    }

    /// The lounge; null when the viewer may no longer see it.
    async fn lounge(&self, ctx: &Context<'_>) -> Result<Option<Lounge>> {
        Ok(match Community::find(ctx, self.0.community_id).await? {
            Some(Community::Lounge(lounge)) => Some(lounge),
            _ => None,
        })
    }

    /// Whether the subscription is active, cancelled or expired.
    async fn status(&self, ctx: &Context<'_>) -> Result<SubscriptionStatus> {
        Ok(lounges::subscription_state(&self.0, ctx.app()?.clock.now()).into())
    }

    /// End of the period that is paid.
    async fn paid_until(&self) -> DateTime {
        self.0.paid_until.into()
    }

    /// End of the paid period. A renewing subscription stays active for 3 more days while the balance does not cover
    /// the price.
    async fn valid_until(&self) -> DateTime {
        lounges::valid_until(&self.0).into()
    }

    /// Whether the subscription renews itself at the end of the paid period.
    async fn has_auto_renewal(&self) -> bool {
        self.0.agreed_price.is_some()
    }

    /// Highest price in whole coins that the subscriber agreed to for the next period; null when the subscription does
    /// not renew.
    async fn agreed_price(&self) -> Option<Coins> {
        self.0.agreed_price.map(Coins)
    }

    /// Time of the first payment.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Statistics of a lounge for its creator.
pub(super) struct LoungeDashboard(pub(super) Totals);

/// Statistics of a lounge for its creator.
#[Object]
impl LoungeDashboard {
    /// Number of members, including the creator.
    async fn member_count(&self) -> i64 {
        self.0.members
    }

    /// Number of subscriptions that grant unlimited voice now.
    async fn active_subscriptions(&self) -> u64 {
        self.0.subscriptions
    }

    /// Number of chats ever started.
    async fn total_conversations(&self) -> u64 {
        self.0.conversations
    }

    /// Voice minutes used by all members today, in the lounge's time zone; the sum is rounded down.
    async fn today_usage_minutes(&self) -> i64 {
        seconds(self.0.today) / 60
    }

    /// Voice seconds used by all members today, in the lounge's time zone.
    async fn today_usage_seconds(&self) -> i64 {
        seconds(self.0.today)
    }

    /// Statistics of each day up to today, oldest first.
    async fn days(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of days, 1 to 90.", default = 30)] last: Option<i32>,
    ) -> Result<Vec<LoungeDay>> {
        let last = last.map_or(30, |last| u32::try_from(last).unwrap_or_default());
        let days = lounges::list_days(ctx.app()?, self.0.lounge_id, last).await?;
        Ok(days.into_iter().map(LoungeDay::from).collect())
    }
}

/// Statistics of one day in the lounge's time zone.
#[derive(SimpleObject)]
pub(super) struct LoungeDay {
    /// The day as `YYYY-MM-DD`.
    date: String,
    /// Voice minutes used by all members on that day, rounded down.
    usage_minutes: i64,
    /// Voice seconds used by all members on that day.
    usage_seconds: i64,
    /// Number of current members who had joined by the end of that day.
    members: i64,
    /// Number of paid subscriptions at the end of that day.
    subscriptions: i64,
    /// Whole coins that the creator earned from the lounge on that day.
    earnings: Coins,
}

impl From<Day> for LoungeDay {
    fn from(day: Day) -> Self {
        let usage_seconds = seconds(day.voice_time);
        Self {
            date: day.date.to_string(),
            usage_minutes: usage_seconds / 60,
            usage_seconds,
            members: day.members,
            subscriptions: day.subscriptions,
            earnings: Coins(day.earned),
        }
    }
}

/// Rounds down to whole seconds; an `Int` has 32 bits.
fn seconds(duration: Duration) -> i64 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX).into()
}

impl From<Allowance> for VoiceAllowance {
    fn from(allowance: Allowance) -> Self {
        Self {
            free_seconds: seconds(allowance.free),
            used_seconds: seconds(allowance.used),
            left_seconds: allowance.left().map(seconds),
            is_unlimited: allowance.is_unlimited,
            resets_at: allowance.resets_at.into(),
        }
    }
}

/// The fields that only lounges have.
pub(super) struct LoungePart {
    pub(super) id: Uuid,
    pub(super) creator_id: String,
}

impl LoungePart {
    async fn row(&self, ctx: &Context<'_>) -> Result<lounge::Model> {
        let row = ctx.load::<Lounges>(self.id).await?;
        row.ok_or(Error::NotFound("Lounge"))
    }
}

/// The fields that only lounges have.
#[Object]
impl LoungePart {
    /// State of the lounge's cloned voice.
    async fn voice(&self, ctx: &Context<'_>) -> Result<LoungeVoice> {
        let row = self.row(ctx).await?;
        let reason = lounges::reason(ctx.app()?, &row);
        let own = ctx.viewer()?.find_user().is_some_and(|user| user.id == self.creator_id);
        let by_rest = ctx.data_opt::<RestDocument>().is_some();
        Ok(LoungeVoice {
            status: row.voice_status.into(),
            model_id: row.voice_model_id,
            reason,
            samples_url: row.voice_samples_url.filter(|_| own || by_rest),
        })
    }

    /// IANA name of the time zone of the lounge's days, such as `Europe/Berlin`; null means UTC.
    async fn time_zone(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.row(ctx).await?.time_zone)
    }

    /// Minutes of voice per day that each member hears free of charge.
    async fn free_minutes_per_day(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(self.row(ctx).await?.free_minutes_per_day)
    }

    /// Price of 30 days of unlimited voice in whole coins; 0 when no subscription is offered.
    async fn subscription_price(&self, ctx: &Context<'_>) -> Result<Coins> {
        Ok(Coins(self.row(ctx).await?.subscription_price))
    }

    /// The viewer's voice allowance today; null when signed out.
    async fn allowance(&self, ctx: &Context<'_>) -> Result<Option<VoiceAllowance>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        let found = ctx.load::<Allowances>((user.id.clone(), self.id)).await?;
        Ok(found.map(VoiceAllowance::from))
    }

    /// The viewer's subscription, including an expired one; null when the viewer never subscribed.
    async fn subscription(&self, ctx: &Context<'_>) -> Result<Option<LoungeSubscription>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        let found = ctx.load::<OwnSubscriptions>((user.id.clone(), self.id)).await?;
        Ok(found.map(LoungeSubscription))
    }

    /// The viewer's private chat with the lounge's agent; null when there is none and for non-members.
    async fn viewer_chat(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        Ok(ctx
            .load::<ReadableAt>((user.id.clone(), ConversationScope::LoungeChat(self.id)))
            .await?
            .map(Conversation::from))
    }

    /// Statistics for the creator; null for everyone else.
    async fn dashboard(&self, ctx: &Context<'_>) -> Result<Option<LoungeDashboard>> {
        let Some(user) = ctx.viewer()?.find_user().filter(|user| user.id == self.creator_id) else {
            return Ok(None);
        };
        lounges::get_dashboard(ctx.app()?, user, self.id).await.map(|totals| Some(LoungeDashboard(totals)))
    }
}

/// Queries about lounges.
#[derive(Default)]
pub(super) struct LoungeQuery;

#[Object]
impl LoungeQuery {
    /// Finds a lounge that the viewer may see. Returns null for other kinds of communities.
    async fn lounge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the lounge.")] id: ID,
    ) -> Result<Option<Lounge>> {
        let row = lounges::find(ctx.app()?, uuid("id", &id)?).await?;
        Ok(row.map(|row| Lounge::new((row, None))))
    }

    /// Statistics of a lounge. Creator only.
    #[graphql(deprecation = "For REST: use `Lounge.dashboard`.")]
    async fn lounge_dashboard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the lounge.")] lounge_id: ID,
    ) -> Result<LoungeDashboard> {
        let user = ctx.user()?;
        let totals = lounges::get_dashboard(ctx.app()?, user, uuid("loungeId", &lounge_id)?).await?;
        Ok(LoungeDashboard(totals))
    }
}
