//! The batchers of the process, one for each kind of batch.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::Arc,
};

use parking_lot::RwLock;

use super::{Batch, Batcher, SubmitError, Submitted};
use crate::tasks::Tasks;

/// The batchers of the process, one for each kind of batch, made at its first request.
pub struct Batchers {
    tasks: Tasks,
    of_kind: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Batchers {
    /// Creates a registry without batchers. Batches run in these tasks.
    pub fn new(tasks: Tasks) -> Self {
        Self { tasks, of_kind: RwLock::default() }
    }

    /// Carries out a request together with others of its kind and key.
    ///
    /// # Errors
    /// [`SubmitError::Full`] when too many requests wait, [`SubmitError::Lost`] when the batch ended without an outcome.
    pub async fn submit<B: Batch>(
        &self,
        context: &B::Context,
        key: B::Key,
        request: B::Request,
    ) -> Result<Submitted<B::Request, B::Output>, SubmitError> {
        self.of::<B>().submit(context, key, request).await
    }

    fn of<B: Batch>(&self) -> Arc<Batcher<B>> {
        let kind = TypeId::of::<B>();
        let known = self.of_kind.read().get(&kind).cloned();
        let known = known.unwrap_or_else(|| {
            let make = || Arc::new(Batcher::<B>::new(self.tasks.clone(), B::LIMITS)) as _;
            self.of_kind.write().entry(kind).or_insert_with(make).clone()
        });
        let Ok(batcher) = known.downcast() else { unreachable!("a batcher is stored under its own type") };
        batcher
    }
}

impl fmt::Debug for Batchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batchers({})", self.of_kind.read().len())
    }
}
