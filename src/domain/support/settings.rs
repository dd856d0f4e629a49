//! Support settings of a community.

use entity::support_settings::{self, Hours, Shift};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        User,
        audit::{self, AuditEntry},
        communities::{self, Action},
        zone,
    },
    error::{Error, Result},
    text::fields,
};

/// Default time in which an assignee must respond, in seconds.
const ANSWER_WITHIN: i32 = 15 * 60;
/// Maximum length of any deadline, in seconds: one week.
const MAX_DEADLINE: i32 = 7 * 24 * 3600;
/// Minutes per day.
const DAY: u16 = 24 * 60;

/// Changes of support settings; `None` keeps a value, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct SettingsChange {
    /// Fee of each agent reply to a customer, in whole coins.
    pub call_fee: Option<i64>,
    /// Maximum number of customers per CS agent at a time.
    pub capacity: Option<Option<i32>>,
    /// Seconds in which an assignee must respond before the chat is released.
    pub answer_within: Option<Option<i32>>,
    /// Deadline of the team's first response, in seconds.
    pub first_response_within: Option<Option<i32>>,
    /// Deadline of each further response, in seconds.
    pub next_response_within: Option<Option<i32>>,
    /// Offset of the business hours from UTC in minutes, if there is no time zone.
    pub utc_offset: Option<i32>,
    /// IANA name of the time zone of the business hours.
    pub time_zone: Option<Option<String>>,
    /// Business hours.
    pub hours: Option<Option<Vec<Shift>>>,
    /// Message to customers outside business hours, maximum 1000 characters.
    pub away_message: Option<Option<String>>,
}

/// Returns the support settings of a community. Team only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn get_settings(app: &App, actor: &User, community_id: Uuid) -> Result<support_settings::Model> {
    communities::get_allowed(app.db.read(), actor, community_id, Action::Serve).await?;
    load(app.db.read(), community_id).await
}

/// Returns the support settings of communities, in no order, without an access check: for their public
/// values.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_settings(app: &App, ids: &[Uuid]) -> Result<Vec<support_settings::Model>> {
    let of_ids = support_settings::Column::CommunityId.is_in(ids.iter().copied());
    let mut found = support_settings::Entity::find().filter(of_ids).all(app.db.read()).await?;
    let known: Vec<Uuid> = found.iter().map(|settings| settings.community_id).collect();
    found.extend(ids.iter().filter(|id| !known.contains(id)).map(|id| defaults(*id)));
    Ok(found)
}

/// Changes support settings, all or nothing. Running deadlines are not changed. Creator only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], in this order.
pub async fn update_settings(
    app: &App,
    actor: &User,
    community_id: Uuid,
    change: SettingsChange,
) -> Result<support_settings::Model> {
    let tx = app.begin(actor).await?;
    communities::get_locked_for(&tx, actor, community_id, Action::RunSupport).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let was = load(&tx, community_id).await?;
    let mut settings = change.apply(was.clone())?;
    if let Some(changes) = differences(&was, &settings)? {
        let entry = AuditEntry::of(actor, audit::Action::SupportSettingsChanged).within(community_id);
        audit::record(app, &tx, entry.with(changes)).await?;
    }
    settings.updated_at = app.clock.now();
    let row = settings.clone().into_active_model().reset_all();
    use support_settings::Column;
    let all = [
        Column::CallFee,
        Column::Capacity,
        Column::AnswerWithin,
        Column::FirstResponseWithin,
        Column::NextResponseWithin,
        Column::UtcOffset,
        Column::TimeZone,
        Column::Hours,
        Column::AwayMessage,
        Column::UpdatedAt,
    ];
    support_settings::Entity::insert(row)
        .on_conflict(OnConflict::column(Column::CommunityId).update_columns(all).to_owned())
        .exec_without_returning(&tx)
        .await?;
    tx.commit(settings).await
}

/// Returns old and new value of each changed setting; `None` if none changed.
fn differences(was: &support_settings::Model, is: &support_settings::Model) -> Result<Option<Value>> {
    let read = |settings: &support_settings::Model| match serde_json::to_value(settings) {
        Ok(Value::Object(settings)) => Ok(settings),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Error::Internal(error.into())),
    };
    let (was, is) = (read(was)?, read(is)?);
    let changed = is.into_iter().filter(|(name, value)| was.get(name) != Some(value));
    let changes: Map<String, Value> = changed
        .map(|(name, to)| {
            let from = was.get(&name);
            let both = json!({ "from": from, "to": to });
            (name, both)
        })
        .collect();
    Ok((!changes.is_empty()).then_some(Value::Object(changes)))
}

impl SettingsChange {
    fn apply(self, mut settings: support_settings::Model) -> Result<support_settings::Model> {
        if let Some(fee) = self.call_fee {
            if !(0..=i64::from(i32::MAX)).contains(&fee) {
                return Err(Error::invalid("callFee", format!("callFee must be 0-{}", i32::MAX)));
            }
            settings.call_fee = fee;
        }
        if let Some(capacity) = self.capacity {
            settings.capacity = within("capacity", capacity, 1000)?;
        }
        if let Some(seconds) = self.answer_within {
            settings.answer_within = within("answerWithinSeconds", seconds, MAX_DEADLINE)?;
        }
        if let Some(seconds) = self.first_response_within {
            settings.first_response_within = within("firstResponseWithinSeconds", seconds, MAX_DEADLINE)?;
        }
        if let Some(seconds) = self.next_response_within {
            settings.next_response_within = within("nextResponseWithinSeconds", seconds, MAX_DEADLINE)?;
        }
        if let Some(offset) = self.utc_offset {
            if !(-12 * 60..=14 * 60).contains(&offset) {
                return Err(Error::invalid("utcOffsetMinutes", "utcOffsetMinutes must be -720 to 840"));
            }
            settings.utc_offset = offset;
        }
        if let Some(name) = self.time_zone {
            settings.time_zone = name.map(|name| zone::name("timeZone", &name)).transpose()?;
        }
        if let Some(hours) = self.hours {
            settings.hours = hours.map(check_hours).transpose()?;
        }
        if let Some(message) = self.away_message {
            let message = message.map(|message| fields::at_most("awayMessage", message, 1000)).transpose()?;
            settings.away_message = message.filter(|message| !fields::is_blank(message));
        }
        Ok(settings)
    }
}

fn within(field: &'static str, value: Option<i32>, most: i32) -> Result<Option<i32>> {
    match value {
        Some(value) if !(1..=most).contains(&value) => {
            Err(Error::invalid(field, format!("{field} must be 1-{most}")))
        }
        value => Ok(value),
    }
}

fn check_hours(shifts: Vec<Shift>) -> Result<Hours> {
    if shifts.len() > 50 {
        return Err(Error::invalid("hours", "hours must be at most 50"));
    }
    for (index, shift) in shifts.iter().enumerate() {
        // A shift that closes before it opens ends on the next day.
        let wrong = match shift {
            Shift { day: 7.., .. } => Some(("day", "is not a day of the week")),
            Shift { opens: DAY.., .. } => Some(("opens", "must be before 24:00")),
            Shift { closes, .. } if *closes > DAY => Some(("closes", "must be 24:00 at the latest")),
            Shift { opens, closes, .. } if opens == closes => Some(("closes", "must differ from opens")),
            _ => None,
        };
        if let Some((member, why)) = wrong {
            let (path, message) = (format!("hours[{index}].{member}"), format!("{member} {why}"));
            return Err(Error::InvalidPart { path, message });
        }
    }
    Ok(Hours(shifts))
}

/// Returns the settings of a community, or the defaults.
pub(super) async fn load(db: &impl ConnectionTrait, community_id: Uuid) -> Result<support_settings::Model> {
    let found = support_settings::Entity::find_by_id(community_id).one(db).await?;
    Ok(found.unwrap_or_else(|| defaults(community_id)))
}

pub(super) fn defaults(community_id: Uuid) -> support_settings::Model {
    support_settings::Model {
        community_id,
        call_fee: 0,
        capacity: None,
        answer_within: Some(ANSWER_WITHIN),
        first_response_within: None,
        next_response_within: None,
        utc_offset: 0,
        time_zone: None,
        hours: None,
        away_message: None,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}
