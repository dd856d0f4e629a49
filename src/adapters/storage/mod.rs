//! Where files are kept: a folder of this machine, or a bucket of a service that speaks S3.
//!
//! A file gets a name that nobody can guess, and keeps its content for ever: whoever knows the name may read it.

mod key;

use std::{fmt, ops::Range, path::Path, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{
    Error as StoreError, GetOptions, GetRange, ObjectStore, ObjectStoreExt, aws::AmazonS3Builder,
    local::LocalFileSystem, memory::InMemory, path::Path as StorePath, prefix::PrefixStore,
};
use url::Url;

pub use key::Key;

use super::{client::use_ring, media::Media};
use crate::random;

/// Where files are kept; cheap to clone.
#[derive(Clone)]
pub struct Storage(Arc<dyn ObjectStore>);

/// The store failed. For the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("the storage failed: {0}")]
pub struct StorageError(anyhow::Error);

/// Which part of a file is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// All of it.
    Whole,
    /// From the first byte to the last, both included; what lies beyond the end is left out.
    Between(u64, u64),
    /// From this byte to the end.
    From(u64),
    /// The last bytes, so many.
    Last(u64),
}

/// What there is of a file.
pub enum Found {
    /// The part, as it is read.
    Part {
        /// Bytes of the whole file.
        size: u64,
        /// Which of them these are.
        range: Range<u64>,
        /// These.
        body: BoxStream<'static, Result<Bytes, StorageError>>,
    },
    /// The file has nothing there.
    Beyond {
        /// Bytes of the whole file.
        size: u64,
    },
}

impl Storage {
    /// Keeps files in memory until the process ends.
    pub fn memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Keeps files in this folder, which is created if it is missing, for its owner alone.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn folder(folder: &Path) -> anyhow::Result<Self> {
        let mut create = std::fs::DirBuilder::new();
        create.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut create, 0o700);
        create.create(folder)?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
    }

    /// Keeps files in a bucket, `s3://BUCKET` or `s3://BUCKET/PREFIX`, reached as the usual `AWS_` variables say:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ALLOW_HTTP` …
    ///
    /// # Errors
    /// When the address or a variable makes no sense.
    pub fn s3(url: &Url, variables: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<Self> {
        use_ring();
        let mut builder = AmazonS3Builder::new();
        for (name, value) in variables.into_iter().filter(|(name, _)| name.starts_with("AWS_")) {
            // Many begin so that are none of the store's.
            if let Ok(name) = name.to_lowercase().parse() {
                builder = builder.with_config(name, value);
            }
        }
        let store = builder.with_bucket_name(url.host_str().unwrap_or_default()).build()?;
        Ok(Self(Arc::new(PrefixStore::new(store, StorePath::from_url_path(url.path())?))))
    }

    /// Keeps a file on a shelf, such as `speech`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, shelf: &'static str, media: Media, bytes: Bytes) -> Result<Key, StorageError> {
        let key = Key::new(shelf, &random::hex::<16>().map_err(StorageError)?, media);
        self.0.put(&key.path(), bytes.into()).await.map_err(StorageError::new)?;
        Ok(key)
    }

    /// Reads a part of a file; none when there is no such file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, key: &Key, span: Span) -> Result<Option<Found>, StorageError> {
        let range = match span {
            Span::Whole => None,
            // The end is not in the store's range, and the range must not be empty.
            Span::Between(first, last) => Some(GetRange::Bounded(first..last.saturating_add(1))),
            Span::From(first) => Some(GetRange::Offset(first)),
            Span::Last(count) => Some(GetRange::Suffix(count)),
        };
        let options = GetOptions { range, ..GetOptions::default() };
        match self.0.get_opts(&key.path(), options).await {
            Ok(found) => {
                let (size, range) = (found.meta.size, found.range.clone());
                if span.is_beyond(size) {
                    return Ok(Some(Found::Beyond { size }));
                }
                let body = found.into_stream().map(|bytes| bytes.map_err(StorageError::new)).boxed();
                Ok(Some(Found::Part { size, range, body }))
            }
            Err(StoreError::NotFound { .. }) => Ok(None),
            // Stores say in many ways that a file has nothing there.
            Err(error) if span != Span::Whole => match self.size(key).await? {
                Some(size) if span.is_beyond(size) => Ok(Some(Found::Beyond { size })),
                Some(_) => Err(StorageError::new(error)),
                None => Ok(None),
            },
            Err(error) => Err(StorageError::new(error)),
        }
    }

    /// How many bytes a file has; none when there is no such file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>, StorageError> {
        match self.0.head(&key.path()).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(StorageError::new(error)),
        }
    }

    /// Deletes a file; one that is not there is deleted already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, key: &Key) -> Result<(), StorageError> {
        match self.0.delete(&key.path()).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::new(error)),
        }
    }
}

impl Span {
    /// Whether a file of this size has nothing there.
    pub fn is_beyond(self, size: u64) -> bool {
        match self {
            Self::Whole => false,
            Self::Between(first, _) | Self::From(first) => first >= size,
            Self::Last(count) => count == 0 || size == 0,
        }
    }
}

impl StorageError {
    fn new(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
