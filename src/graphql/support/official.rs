//! Support settings of official accounts, and the part of them that all viewers see.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::{
    community,
    support_settings::{self, Shift},
};
use uuid::Uuid;

use super::SupportChat;
use crate::{
    app::App,
    domain::support::{self, SettingsChange},
    error::{Error, Result},
    graphql::{
        Coins, DateTime,
        context::{ContextExt, uuid},
        dataloader::Loader,
        node::NodeId,
        payloads::UpdateSupportSettingsPayload,
        update_input::{change, kept},
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

/// A shift in the team's weekly business hours.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SupportHours {
    /// The day of the week.
    day: Weekday,
    /// Start time such as `09:00`.
    opens: String,
    /// End time such as `18:00`, at most `24:00`. A time not later than `opens` is on the next day.
    closes: String,
}

impl From<Shift> for SupportHours {
    fn from(shift: Shift) -> Self {
        let text = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let day = WEEK.get(usize::from(shift.day)).copied().unwrap_or(Weekday::Sunday);
        Self { day, opens: text(shift.opens), closes: text(shift.closes) }
    }
}

/// Input for one shift in the team's weekly business hours.
#[derive(InputObject)]
pub(in crate::graphql) struct SupportHoursInput {
    /// The day of the week.
    day: Weekday,
    /// Start time such as `09:00`.
    opens: String,
    /// End time such as `18:00`, at most `24:00`. A time not later than `opens` is on the next day.
    closes: String,
}

impl SupportHoursInput {
    /// Reads the opening time with this index in the list.
    fn read(&self, index: usize) -> Result<Shift> {
        let day = WEEK.iter().position(|day| *day == self.day).unwrap_or_default();
        let day = u8::try_from(day).unwrap_or_default();
        let read = |member, time| {
            minutes(time).ok_or_else(|| Error::InvalidPart {
                path: format!("hours[{index}].{member}"),
                message: format!("{member} must be a time such as 09:00, with two digits each"),
            })
        };
        Ok(Shift { day, opens: read("opens", &self.opens)?, closes: read("closes", &self.closes)? })
    }
}

/// Parses a time such as `09:00` into minutes after midnight.
fn minutes(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let two = |part: &str| {
        let is_fine = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_fine { part.parse::<u16>().ok() } else { None }
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Settings of an official account's customer service.
pub(in crate::graphql) struct SupportSettings(pub(in crate::graphql) support_settings::Model);

/// Settings of an official account's customer service.
#[Object]
impl SupportSettings {
    /// Unique id of the object, different from the id of its community.
    pub(in crate::graphql) async fn id(&self) -> ID {
        NodeId::SupportSettings(self.0.community_id).encode()
    }

    /// Fee for each answer of the agent to a customer, in whole coins.
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

    /// Minutes that local time is ahead of UTC; ignored when `timeZone` is set.
    async fn utc_offset_minutes(&self) -> i32 {
        self.0.utc_offset
    }

    /// IANA name of the time zone of business hours and statistics, such as `Europe/Berlin`; null uses
    /// `utcOffsetMinutes`.
    async fn time_zone(&self) -> Option<&str> {
        self.0.time_zone.as_deref()
    }

    /// Business hours by day of the week; null means always open.
    async fn hours(&self) -> Option<Vec<SupportHours>> {
        let hours = self.0.hours.as_ref()?;
        Some(hours.0.iter().copied().map(SupportHours::from).collect())
    }

    /// Message sent to customers outside business hours; null sends none.
    async fn away_message(&self) -> Option<&str> {
        self.0.away_message.as_deref()
    }

    /// Time of the last change; null when the settings never changed.
    async fn updated_at(&self) -> Option<DateTime> {
        Some(self.0.updated_at).filter(|at| at.timestamp() > 0).map(DateTime)
    }
}

/// The fields of an official account about its customer service.
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

/// The fields of an official account about its customer service.
#[Object]
impl OfficialSupport {
    /// Fee for each answer of the agent in a support chat, in whole coins.
    async fn support_call_fee(&self, ctx: &Context<'_>) -> Result<Coins> {
        Ok(Coins(self.settings(ctx).await?.call_fee))
    }

    /// Business hours by day of the week, in `supportTimeZone` or with `supportUtcOffsetMinutes`; null means
    /// always open.
    async fn support_hours(&self, ctx: &Context<'_>) -> Result<Option<Vec<SupportHours>>> {
        let hours = self.settings(ctx).await?.hours;
        Ok(hours.map(|hours| hours.0.into_iter().map(SupportHours::from).collect()))
    }

    /// Minutes that local time is ahead of UTC; ignored when `supportTimeZone` is set.
    async fn support_utc_offset_minutes(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.settings(ctx).await?.utc_offset)
    }

    /// IANA name of the time zone of the business hours, such as `Europe/Berlin`; null uses
    /// `supportUtcOffsetMinutes`.
    async fn support_time_zone(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.settings(ctx).await?.time_zone)
    }

    /// Whether the business hours include the current time.
    async fn is_support_open(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(support::are_open(&self.settings(ctx).await?, ctx.app()?.clock.now()))
    }

    /// The viewer's own support chat with the official account; null when there is none.
    async fn viewer_support_chat(&self, ctx: &Context<'_>) -> Result<Option<SupportChat>> {
        let Some(user) = ctx.viewer()?.find_user() else { return Ok(None) };
        let found = ctx.load::<OwnChats>((user.id.clone(), self.community_id)).await?;
        Ok(found.map(SupportChat))
    }
}

/// Loads support settings by community.
pub(in crate::graphql) struct Settings;
/// Loads the viewer's own support chats by community.
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

/// Input of `updateSupportSettings`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateSupportSettingsInput {
    /// Id of the community.
    community_id: ID,
    /// Fee for each answer of the agent to a customer in whole coins, 0 to 2147483647.
    call_fee: MaybeUndefined<Coins>,
    /// Maximum number of customers that a team member serves at a time, 1 to 1000; null means no limit.
    capacity: MaybeUndefined<i32>,
    /// Seconds that an assignee has to answer before the customer returns to the queue, at most 604800 (default 900);
    /// null means no limit.
    answer_within_seconds: MaybeUndefined<i32>,
    /// Service level: seconds until the first answer of a person, at most 604800; null means none.
    first_response_within_seconds: MaybeUndefined<i32>,
    /// Service level: seconds until each further answer of a person, at most 604800; null means none.
    next_response_within_seconds: MaybeUndefined<i32>,
    /// Minutes that local time is ahead of UTC, -720 to 840; ignored when `timeZone` is set.
    utc_offset_minutes: MaybeUndefined<i32>,
    /// IANA name of the time zone of business hours and statistics, such as `Europe/Berlin`, ignoring case; null uses
    /// `utcOffsetMinutes`.
    time_zone: MaybeUndefined<String>,
    /// Business hours: at most 50 shifts a week, several a day allowed; null means always open.
    hours: MaybeUndefined<Vec<SupportHoursInput>>,
    /// Message sent to customers outside business hours, at most 1000 characters; null sends none.
    away_message: MaybeUndefined<String>,
}

/// Queries about support settings.
#[derive(Default)]
pub(in crate::graphql) struct OfficialQuery;

#[Object]
impl OfficialQuery {
    /// The support settings of a community. Team only.
    async fn support_settings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the community.")] community_id: ID,
    ) -> Result<SupportSettings> {
        let id = uuid("communityId", &community_id)?;
        support::get_settings(ctx.app()?, ctx.user()?, id).await.map(SupportSettings)
    }
}

/// Mutations of support settings.
#[derive(Default)]
pub(in crate::graphql) struct OfficialMutation;

#[Object]
impl OfficialMutation {
    /// Changes the support settings of a community, all or nothing. Creator only.
    async fn update_support_settings(
        &self,
        ctx: &Context<'_>,
        input: UpdateSupportSettingsInput,
    ) -> Result<UpdateSupportSettingsPayload> {
        let read = |hours: Vec<SupportHoursInput>| {
            hours.iter().enumerate().map(|(index, hours)| hours.read(index)).collect::<Result<Vec<Shift>>>()
        };
        let hours = match change(input.hours) {
            None => None,
            Some(None) => Some(None),
            Some(Some(hours)) => Some(Some(read(hours)?)),
        };
        let change = SettingsChange {
            call_fee: kept("callFee", input.call_fee)?.map(|fee| fee.0),
            capacity: change(input.capacity),
            answer_within: change(input.answer_within_seconds),
            first_response_within: change(input.first_response_within_seconds),
            next_response_within: change(input.next_response_within_seconds),
            utc_offset: kept("utcOffsetMinutes", input.utc_offset_minutes)?,
            time_zone: change(input.time_zone),
            hours,
            away_message: change(input.away_message),
        };
        let id = uuid("communityId", &input.community_id)?;
        let row = support::update_settings(ctx.app()?, ctx.user()?, id, change).await?;
        Ok(UpdateSupportSettingsPayload { support_settings: SupportSettings(row) })
    }
}
