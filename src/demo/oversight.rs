//! Verification and reports of the demo: a verified business, a pending request, and a report.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use entity::{message, report::Reason, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Ids, community_ids::community_id, conversations::room_id, moment};
use crate::{
    app::App,
    clock::Clock,
    database::Transaction,
    domain::{
        User,
        reports::{self, NewReport, Subject},
        verification::{self, Documents, Verdict},
    },
};

/// Index of the verified tea house.
const VERIFIED: usize = 5;
/// Index of the bicycle workshop with a pending request.
const WAITING: usize = 7;
/// Index of the readers' club with a reported message.
const READERS: usize = 0;

/// Runs the domain's operations, each at its own time.
pub(super) async fn fill(app: &App, tx: &Transaction, ids: &Ids) -> anyhow::Result<()> {
    let clock = Clock::manual(moment(0));
    let past = App::new(app.db.clone(), clock.clone(), app.rules);
    let at = |time: DateTime<Utc>| clock.advance((time - clock.now()).to_std().unwrap_or(Duration::ZERO));
    let person = async |who| person(tx, &ids.of(who)?).await;

    at(moment(288 * 86_400 + 36_000));
    let documents = Documents {
        business_name: Some("慢山茶业有限公司".to_owned()),
        business_registration: Some("91530000MA6DEMO088".to_owned()),
        documents_url: Some("https://papers.example/tea".to_owned()),
    };
    let asked =
        verification::send(&past, tx, &person("mei").await?, community_id(VERIFIED), documents).await?;
    at(moment(289 * 86_400 + 40_000));
    let notes = Some("Papers and register agree.".to_owned());
    verification::judge(&past, tx, &person("admin").await?, asked.id, Verdict::Approved, notes).await?;

    at(moment(297 * 86_400 + 3_000));
    let message = message::Entity::find()
        .filter(message::Column::ConversationId.eq(room_id(READERS)))
        .filter(message::Column::Number.eq(2))
        .one(tx)
        .await?
        .context("the readers say nothing")?;
    let report = NewReport {
        subject: Subject::Message(message.id),
        reason: Reason::Other,
        note: Some("A spoiler: I am two chapters behind, and now I know where they all are.".to_owned()),
    };
    reports::file(&past, tx, &person("minjun").await?, report).await?;

    at(moment(298 * 86_400 + 30_000));
    let documents = Documents {
        business_name: Some("Bicis Cierzo, taller y tienda".to_owned()),
        business_registration: Some("B-00000000".to_owned()),
        documents_url: Some("https://papers.example/bicycles".to_owned()),
    };
    verification::send(&past, tx, &person("diego").await?, community_id(WAITING), documents).await?;
    Ok(())
}

async fn person(tx: &Transaction, id: &str) -> anyhow::Result<User> {
    let found = user::Entity::find_by_id(id).one(tx).await?;
    found.with_context(|| format!("{id} is not among the demo's people"))
}
