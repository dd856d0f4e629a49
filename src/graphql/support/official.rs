//! How official accounts serve their customers: what their creators set, and what everybody sees of it.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::{
    community,
    support_settings::{self, Shift},
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Error, Result,
        support::{self, SettingsChange},
    },
    graphql::{
        Coins, DateTime,
        communities::changes::change,
        context::{Asked, uuid},
        dataloader::Loader,
        support::SupportChat,
    },
};

/// Days of the week, in ISO 8601 order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum Weekday {
    /// The first day of the week.
    Monday,
    /// The second day of the week.
    Tuesday,
    /// The third day of the week.
    Wednesday,
    /// The fourth day of the week.
    Thursday,
    /// The fifth day of the week.
    Friday,
    /// The sixth day of the week.
    Saturday,
    /// The seventh day of the week.
    Sunday,
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// A time in the week at which people are there.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportHours {
    /// The day of the week.
    day: Weekday,
    /// When it begins, such as `09:00`.
    opens: String,
    /// When it ends, such as `18:00`; `24:00` at the most. Not later than `opens`: on the next day.
    closes: String,
}

impl From<Shift> for SupportHours {
    fn from(shift: Shift) -> Self {
        let text = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let day = WEEK.get(usize::from(shift.day)).copied().unwrap_or(Weekday::Sunday);
        Self { day, opens: text(shift.opens), closes: text(shift.closes) }
    }
}

/// A time in the week at which people are there.
#[derive(InputObject)]
pub(in crate::graphql) struct SupportHoursInput {
    /// The day of the week.
    day: Weekday,
    /// When it begins, such as `09:00`.
    opens: String,
    /// When it ends, such as `18:00`; `24:00` at the most. Not later than `opens`: on the next day.
    closes: String,
}

impl SupportHoursInput {
    fn read(&self) -> Result<Shift> {
        let day = WEEK.iter().position(|day| *day == self.day).unwrap_or_default();
        let day = u8::try_from(day).unwrap_or_default();
        Ok(Shift { day, opens: minutes(&self.opens)?, closes: minutes(&self.closes)? })
    }
}

/// Minutes after midnight of a time such as `09:00`.
fn minutes(time: &str) -> Result<u16> {
    let parts = time.split_once(':').and_then(|(hour, minute)| {
        let two = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
        Some((two(hour)?, two(minute)?))
    });
    match parts {
        Some((hour, minute)) if hour <= 24 && minute < 60 => Ok(hour * 60 + minute),
        _ => Err(Error::invalid("hours", "A time must be such as 09:00")),
    }
}

/// How an official account serves its customers.
pub(in crate::graphql) struct SupportSettings(pub(in crate::graphql) support_settings::Model);

/// How an official account serves its customers.
#[Object]
impl SupportSettings {
    /// Whole coins for each answer of the agent to a customer.
    async fn call_fee(&self) -> Coins {
        Coins(self.0.call_fee)
    }

    /// Maximum number of customers that a team member serves at a time; null means no limit.
    async fn capacity(&self) -> Option<i32> {
        self.0.capacity
    }

    /// Seconds that an assignee has to answer before the customer returns to the queue; null means no limit.
    async fn answer_within_seconds(&self) -> Option<i32> {
        self.0.answer_within
    }

    /// Service level: seconds until the first answer of a person; later answers count as overdue. Null means none.
    async fn first_response_within_seconds(&self) -> Option<i32> {
        self.0.first_response_within
    }

    /// Service level: seconds until each further answer of a person; later answers count as overdue. Null means none.
    async fn next_response_within_seconds(&self) -> Option<i32> {
        self.0.next_response_within
    }

    /// Minutes that the clocks of its hours are ahead of UTC, where it names no time zone.
    async fn utc_offset_minutes(&self) -> i32 {
        self.0.utc_offset
    }

    /// The IANA name of its time zone, such as `Europe/Berlin`, which its hours and its days of figures are of; null:
    /// as `utcOffsetMinutes` says.
    async fn time_zone(&self) -> Option<&str> {
        self.0.time_zone.as_deref()
    }

    /// When people are there, each day of the week; null: always.
    async fn hours(&self) -> Option<Vec<SupportHours>> {
        let hours = self.0.hours.as_ref()?;
        Some(hours.0.iter().copied().map(SupportHours::from).collect())
    }

    /// Message sent to customers outside business hours; null sends none.
    async fn away_message(&self) -> Option<&str> {
        self.0.away_message.as_deref()
    }

    /// When they last changed; null where they never did.
    async fn updated_at(&self) -> Option<DateTime> {
        Some(self.0.updated_at).filter(|at| at.timestamp() > 0).map(DateTime)
    }
}

/// What an official account has of customer service.
pub(in crate::graphql) struct OfficialSupport {
    community_id: Uuid,
}

impl OfficialSupport {
    pub(in crate::graphql) fn of(community: &community::Model) -> Self {
        Self { community_id: community.id }
    }

    async fn settings(&self, ctx: &Context<'_>) -> Result<support_settings::Model> {
        let found = ctx.load::<Settings>(self.community_id).await?;
        found.ok_or(Error::NotFound("Community"))
    }
}

/// What an official account has of customer service.
#[Object]
impl OfficialSupport {
    /// Whole coins for each answer of the agent in a support chat.
    async fn support_call_fee(&self, ctx: &Context<'_>) -> Result<Coins> {
        Ok(Coins(self.settings(ctx).await?.call_fee))
    }

    /// When people answer, each day of the week, in `supportTimeZone` or by `supportUtcOffsetMinutes`; null: always.
    async fn support_hours(&self, ctx: &Context<'_>) -> Result<Option<Vec<SupportHours>>> {
        let hours = self.settings(ctx).await?.hours;
        Ok(hours.map(|hours| hours.0.into_iter().map(SupportHours::from).collect()))
    }

    /// Minutes that the clocks of its hours are ahead of UTC, where it names no time zone.
    async fn support_utc_offset_minutes(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.settings(ctx).await?.utc_offset)
    }

    /// The IANA name of the time zone that its hours are of, such as `Europe/Berlin`; null: as
    /// `supportUtcOffsetMinutes` says.
    async fn support_time_zone(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.settings(ctx).await?.time_zone)
    }

    /// Whether people are there at this time.
    async fn is_support_open(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(support::are_open(&self.settings(ctx).await?, ctx.app()?.clock.now()))
    }

    /// The viewer's own chat with it; null where they have begun none.
    async fn viewer_support_chat(&self, ctx: &Context<'_>) -> Result<Option<SupportChat>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        let found = ctx.load::<OwnChats>((user.id.clone(), self.community_id)).await?;
        Ok(found.map(SupportChat))
    }
}

/// Loads how communities serve.
pub(in crate::graphql) struct Settings;
/// Loads somebody's own chats, by community.
pub(in crate::graphql) struct OwnChats;

impl Loader for Settings {
    type Key = Uuid;
    type Value = support_settings::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, support_settings::Model>> {
        let rows = support::list_settings(app, ids).await?;
        Ok(rows.into_iter().map(|settings| (settings.community_id, settings)).collect())
    }
}

impl Loader for OwnChats {
    type Key = (String, Uuid);
    type Value = entity::support_chat::Model;

    async fn load(app: &App, keys: &[(String, Uuid)]) -> Result<HashMap<(String, Uuid), Self::Value>> {
        let rows = support::list_own(app, keys).await?;
        Ok(rows.into_iter().map(|chat| ((chat.customer_id.clone(), chat.community_id), chat)).collect())
    }
}

/// Input of `updateSupportSettings`. An omitted field stays unchanged; null clears it.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateSupportSettingsInput {
    /// Id of the community.
    community_id: ID,
    /// Whole coins for each answer of the agent to a customer, 0 to 2147483647.
    call_fee: Option<i32>,
    /// Maximum number of customers that a team member serves at a time, 1 to 1000.
    capacity: MaybeUndefined<i32>,
    /// Seconds that an assignee has to answer before the customer returns to the queue, at most 604800 (default 900).
    answer_within_seconds: MaybeUndefined<i32>,
    /// Seconds in which the first answer of a person is promised, a week at the most.
    first_response_within_seconds: MaybeUndefined<i32>,
    /// Seconds in which each answer after that is promised, a week at the most.
    next_response_within_seconds: MaybeUndefined<i32>,
    /// Minutes that the clocks of its hours are ahead of UTC, -720 to 840. A time zone counts before it.
    utc_offset_minutes: Option<i32>,
    /// The IANA name of its time zone, such as `Europe/Berlin`; null: as `utcOffsetMinutes` says.
    time_zone: MaybeUndefined<String>,
    /// When people are there, at most 50 times in the week, of which several may be on one day; null: always.
    hours: MaybeUndefined<Vec<SupportHoursInput>>,
    /// Message sent to customers outside business hours, at most 1000 characters.
    away_message: MaybeUndefined<String>,
}

/// Queries about how official accounts serve.
#[derive(Default)]
pub(in crate::graphql) struct OfficialQuery;

#[Object]
impl OfficialQuery {
    /// How a community serves its customers. The team only.
    async fn support_settings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<SupportSettings> {
        let id = uuid("communityId", &community_id)?;
        support::get_settings(ctx.app()?, ctx.user()?, id).await.map(SupportSettings)
    }
}

/// What can be set about how official accounts serve.
#[derive(Default)]
pub(in crate::graphql) struct OfficialMutation;

#[Object]
impl OfficialMutation {
    /// Changes how a community serves its customers, all or nothing. Its creator only.
    async fn update_support_settings(
        &self,
        ctx: &Context<'_>,
        input: UpdateSupportSettingsInput,
    ) -> Result<SupportSettings> {
        let read = |hours: Vec<SupportHoursInput>| {
            hours.iter().map(SupportHoursInput::read).collect::<Result<Vec<Shift>>>()
        };
        let hours = match change(input.hours) {
            None => None,
            Some(None) => Some(None),
            Some(Some(hours)) => Some(Some(read(hours)?)),
        };
        let change = SettingsChange {
            call_fee: input.call_fee.map(Into::into),
            capacity: change(input.capacity),
            answer_within: change(input.answer_within_seconds),
            first_response_within: change(input.first_response_within_seconds),
            next_response_within: change(input.next_response_within_seconds),
            utc_offset: input.utc_offset_minutes,
            time_zone: change(input.time_zone),
            hours,
            away_message: change(input.away_message),
        };
        let id = uuid("communityId", &input.community_id)?;
        support::update_settings(ctx.app()?, ctx.user()?, id, change).await.map(SupportSettings)
    }
}
