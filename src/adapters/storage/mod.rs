//! Storage of files: a local folder, or a bucket of an S3-compatible service.
//!
//! A file has an unguessable name and never changes; everyone who knows the name may read it.

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

use super::client::use_ring;
use crate::media::Media;
use crate::security::random;

/// Storage of files. Cheap to clone.
#[derive(Clone)]
pub struct Storage(Arc<dyn ObjectStore>);

/// An error of the store, for the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("the storage failed: {0}")]
pub struct StorageError(anyhow::Error);

/// The requested part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The whole file.
    Whole,
    /// From the first to the last byte, inclusive; a part beyond the end is left out.
    Between(u64, u64),
    /// From this byte to the end.
    From(u64),
    /// The last n bytes.
    Last(u64),
}

/// The found part of a file.
pub enum Found {
    /// The part, as a stream.
    Part {
        /// Size of the whole file in bytes.
        size: u64,
        /// Range of the part.
        range: Range<u64>,
        /// Content of the part.
        body: BoxStream<'static, Result<Bytes, StorageError>>,
    },
    /// The part is beyond the end of the file.
    Beyond {
        /// Size of the whole file in bytes.
        size: u64,
    },
}

impl Storage {
    /// Creates a store in memory.
    pub fn memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Creates a store in this folder. Creates a missing folder that only its owner can read.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created.
    pub fn folder(folder: &Path) -> anyhow::Result<Self> {
        let mut create = std::fs::DirBuilder::new();
        create.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut create, 0o700);
        create.create(folder)?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
    }

    /// Creates a store in a bucket, `s3://BUCKET` or `s3://BUCKET/PREFIX`, with the usual `AWS_` variables:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ALLOW_HTTP` …
    ///
    /// # Errors
    /// Returns an error if the URL or a variable is invalid.
    pub fn s3(url: &Url, variables: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<Self> {
        use_ring();
        let mut builder = AmazonS3Builder::new();
        for (name, value) in variables.into_iter().filter(|(name, _)| name.starts_with("AWS_")) {
            // Many variables with this prefix do not belong to the store.
            if let Ok(name) = name.to_lowercase().parse() {
                builder = builder.with_config(name, value);
            }
        }
        let store = builder.with_bucket_name(url.host_str().unwrap_or_default()).build()?;
        Ok(Self(Arc::new(PrefixStore::new(store, StorePath::from_url_path(url.path())?))))
    }

    /// Stores a file on a shelf, such as `speech`.
    ///
    /// # Errors
    /// Returns an error if the store fails.
    pub async fn put(&self, shelf: &'static str, media: Media, bytes: Bytes) -> Result<Key, StorageError> {
        let key = Key::new(shelf, &random::hex::<16>().map_err(StorageError)?, media);
        self.0.put(&key.path(), bytes.into()).await.map_err(StorageError::new)?;
        Ok(key)
    }

    /// Reads a part of a file; `None` if the file does not exist.
    ///
    /// # Errors
    /// Returns an error if the store fails.
    pub async fn get(&self, key: &Key, span: Span) -> Result<Option<Found>, StorageError> {
        let range = match span {
            Span::Whole => None,
            // The store's range excludes its end and must not be empty.
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
            // Stores report a part beyond the end in different ways.
            Err(error) if span != Span::Whole => match self.size(key).await? {
                Some(size) if span.is_beyond(size) => Ok(Some(Found::Beyond { size })),
                Some(_) => Err(StorageError::new(error)),
                None => Ok(None),
            },
            Err(error) => Err(StorageError::new(error)),
        }
    }

    /// Returns the size of a file in bytes; `None` if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the store fails.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>, StorageError> {
        match self.0.head(&key.path()).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(StorageError::new(error)),
        }
    }

    /// Deletes a file. Succeeds if the file does not exist.
    ///
    /// # Errors
    /// Returns an error if the store fails.
    pub async fn delete(&self, key: &Key) -> Result<(), StorageError> {
        match self.0.delete(&key.path()).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::new(error)),
        }
    }
}

impl Span {
    /// Returns whether the part is beyond the end of a file of this size.
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
