//! Counts the bytes of an answer during execution, so that an answer that is too large is abandoned early.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::{
    ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};

use super::size;

/// The bytes of an execution's answer, counted field by field or list by list.
#[derive(Debug)]
pub(super) struct Metered {
    limit: usize,
    used: AtomicUsize,
}

impl Metered {
    /// Counts from zero to at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, used: AtomicUsize::new(0) }
    }

    /// Counts bytes.
    ///
    /// # Errors
    /// The refusal of an answer with more bytes than the limit.
    pub(super) fn take(&self, bytes: usize) -> ServerResult<()> {
        let before = self.used.fetch_add(bytes, Ordering::Relaxed);
        self.check(before.saturating_add(bytes))
    }

    /// Checks whether this number of further bytes would fit, without counting them.
    ///
    /// # Errors
    /// The refusal of an answer with more bytes than the limit.
    pub(super) fn check_further(&self, bytes: usize) -> ServerResult<()> {
        self.check(self.used.load(Ordering::Relaxed).saturating_add(bytes))
    }

    fn check(&self, bytes: usize) -> ServerResult<()> {
        if bytes > self.limit { Err(size::refusal(self.limit)) } else { Ok(()) }
    }
}

/// Creates a meter for each execution.
pub(super) struct Meters;

impl ExtensionFactory for Meters {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Meter)
    }
}

/// Counts each field that the execution library resolves.
struct Meter;

#[async_graphql::async_trait::async_trait]
impl Extension for Meter {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let Some(metered) = ctx.data_opt::<Metered>() else { return next.run(ctx, info).await };
        let key = info.alias.unwrap_or(info.name).len();
        let is_leaf = info.field.selection_set.node.items.is_empty();
        // Fields after the limit are not resolved.
        metered.take(0)?;
        let value = next.run(ctx, info).await?;
        let own = value.as_ref().map_or(4, |value| if is_leaf { size::of(value) } else { frame(value) });
        metered.take(key + 4 + own)?;
        Ok(value)
    }
}

/// Returns the bytes of an object or list whose fields are already counted.
fn frame(value: &Value) -> usize {
    match value {
        Value::List(items) => 2 + items.iter().map(|item| frame(item) + 1).sum::<usize>(),
        _ => 2,
    }
}
