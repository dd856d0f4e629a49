//! Subscriptions to open reports.

use std::sync::Arc;

use entity::{
    report::{self, Status},
    user,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::Notify;
use uuid::Uuid;

use super::browse::{ReportScope, visible_reports};
use crate::{
    app::{App, Change},
    domain::{
        UnitOfWork,
        accounts::{Identity, check_identity},
    },
    error::{Error, Result},
    live::{AccessGrant, Recheck, Right, SignalSubscription, StateSource, StateSubscription, Subscribe},
};

/// Maximum number of open reports, the newest, in a subscription.
const MAX_REPORTS: u64 = 50;
/// Key of the platform's notifications.
const PLATFORM: Uuid = Uuid::nil();

/// A change of the open reports.
#[derive(Clone, Debug)]
pub struct ReportEvent {
    /// Whether it is the first event, which contains all open reports.
    pub is_snapshot: bool,
    /// New reports, newest first.
    pub reports: Vec<report::Model>,
    /// Ids of the reports that are no longer shown.
    pub removed_ids: Vec<Uuid>,
}

/// Subscribes to the open reports that the actor handles: first the newest 50, then changes, for as long as
/// the actor has the right.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn watch(app: &App, identity: &Arc<Identity>, desk: ReportScope) -> Result<Box<dyn Subscribe>> {
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                seen_by(&app, &identity, desk).await?;
                Ok(signed_in_until)
            })
        })
    };
    let mut grant = AccessGrant::new(&app.grants, &app.clock, &identity.user.id, identity.grant(), recheck);
    seen_by(app, identity, desk).await?;
    grant.holds_until(identity.signed_in_until());
    let right = match desk {
        ReportScope::Community(community) => {
            Some(Right::Community { user: identity.user.id.clone(), community })
        }
        ReportScope::Space(_) | ReportScope::Platform => None,
    };
    grant.depends_on(&app.grants, right);
    let access = app.reports.subscribe(match desk {
        ReportScope::Community(id) | ReportScope::Space(id) => id,
        ReportScope::Platform => PLATFORM,
    });
    let source = ReportsSource { app: app.clone(), access, identity: identity.clone(), desk, known: None };
    Ok(Box::new(StateSubscription { source, grant }))
}

/// After commit, wakes the subscribers to the reports of the community or space of this report.
pub(super) fn notify(tx: &UnitOfWork, report: &report::Model) {
    let places = [report.community_id, report.space_id, Some(PLATFORM)];
    tx.publish(places.into_iter().flatten().map(Change::Reports));
}

/// Returns the condition of the reports that the subscriber handles now; their role may have changed since.
async fn seen_by(app: &App, identity: &Identity, desk: ReportScope) -> Result<Condition> {
    let actor = user::Entity::find_by_id(&identity.user.id).one(app.db.read()).await?;
    visible_reports(app.db.read(), &actor.ok_or(Error::Unauthenticated)?, desk).await
}

struct ReportsSource {
    app: App,
    access: SignalSubscription,
    identity: Arc<Identity>,
    desk: ReportScope,
    /// Ids of the published reports; `None` before the snapshot.
    known: Option<Vec<Uuid>>,
}

impl StateSource for ReportsSource {
    type Change = ReportEvent;

    fn wake_signal(&self) -> Arc<Notify> {
        self.access.signal.clone()
    }

    async fn poll_change(&mut self) -> Result<Option<ReportEvent>> {
        let wanted = seen_by(&self.app, &self.identity, self.desk).await?;
        let mut reports = report::Entity::find()
            .filter(wanted)
            .filter(report::Column::Status.eq(Status::Open))
            .order_by_desc(report::Column::CreatedAt)
            .order_by_desc(report::Column::Id)
            .limit(MAX_REPORTS)
            .all(self.app.db.read())
            .await?;
        let now: Vec<Uuid> = reports.iter().map(|report| report.id).collect();
        let Some(known) = self.known.replace(now.clone()) else {
            return Ok(Some(ReportEvent { is_snapshot: true, reports, removed_ids: Vec::new() }));
        };
        let gone: Vec<Uuid> = known.iter().copied().filter(|id| !now.contains(id)).collect();
        reports.retain(|report| !known.contains(&report.id));
        let is_new = !reports.is_empty() || !gone.is_empty();
        Ok(is_new.then_some(ReportEvent { is_snapshot: false, reports, removed_ids: gone }))
    }
}
