//! Files in memory, in a folder and in a bucket behave alike.

use bytes::Bytes;
use futures_util::TryStreamExt;
use plaza::{
    adapters::{
        Adapters,
        storage::{Found, Key, Span, Storage},
    },
    config::Settings,
    media::Media,
};
use tempfile::TempDir;

use crate::support::bucket::FakeBucket;

async fn read(storage: &Storage, key: &Key, span: Span) -> Option<(u64, std::ops::Range<u64>, Vec<u8>)> {
    match storage.get(key, span).await.expect("reads")? {
        Found::Part { size, range, body } => {
            let bytes: Vec<Bytes> = body.try_collect().await.expect("reads");
            Some((size, range, bytes.concat()))
        }
        Found::Beyond { size } => Some((size, 0..0, Vec::new())),
    }
}

/// Checks the behaviour of a store.
async fn behaves(storage: &Storage) {
    let content: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let key = storage.put("speech", Media::Mp3, content.clone().into()).await.expect("keeps");
    let text = key.to_string();
    assert!(text.starts_with("speech/") && text.ends_with(".mp3"), "{text}");
    assert_eq!(text.parse::<Key>(), Ok(key.clone()));
    let other = storage.put("speech", Media::Mp3, Bytes::from_static(b"x")).await.expect("keeps");
    assert_ne!(key, other);

    assert_eq!(storage.size(&key).await.expect("asks"), Some(100_000));
    for (span, range) in [
        (Span::Whole, 0..100_000),
        (Span::Between(10, 19), 10..20),
        (Span::Between(0, 0), 0..1),
        (Span::Between(99_990, 1_000_000), 99_990..100_000),
        (Span::From(99_000), 99_000..100_000),
        (Span::Last(500), 99_500..100_000),
        (Span::Last(1_000_000), 0..100_000),
    ] {
        let (size, found, bytes) = read(storage, &key, span).await.expect("is there");
        assert_eq!((size, &found), (100_000, &range), "{span:?}");
        let part = usize::try_from(range.start).expect("small")..usize::try_from(range.end).expect("small");
        assert!(bytes == content[part], "{span:?}");
    }
    for span in [
        Span::Between(100_000, 100_001),
        Span::From(100_000),
        Span::Last(0),
        Span::Between(u64::MAX, u64::MAX),
    ] {
        assert_eq!(read(storage, &key, span).await, Some((100_000, 0..0, Vec::new())), "{span:?}");
    }

    storage.delete(&key).await.expect("deletes");
    storage.delete(&key).await.expect("is deleted already");
    assert_eq!(storage.size(&key).await.expect("asks"), None);
    for span in [Span::Whole, Span::From(5), Span::Last(5)] {
        assert_eq!(read(storage, &key, span).await, None);
    }
    assert_eq!(read(storage, &other, Span::Whole).await, Some((1, 0..1, b"x".to_vec())));
}

#[tokio::test]
async fn memory() {
    behaves(&Storage::memory()).await;
}

#[tokio::test]
async fn a_folder() {
    let folder = TempDir::new().expect("a folder");
    behaves(&Storage::folder(&folder.path().join("a/new/one")).expect("a store")).await;
}

#[tokio::test]
async fn a_bucket() {
    let bucket = FakeBucket::start().await;
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-test-1"),
        ("AWS_ENDPOINT_URL", bucket.url.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_PROFILE", "not the store's"),
        ("HOME", "/"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let storage =
        Storage::s3(&"s3://plaza/some/place".parse().expect("an address"), variables).expect("a store");
    behaves(&storage).await;
    let names = bucket.names();
    assert_eq!(names.len(), 1);
    assert!(names[0].starts_with("plaza/some/place/speech/"), "{names:?}");
    let signed = bucket.signed();
    assert!(signed.len() > 10);
    for signature in signed {
        assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"), "{signature}");
        assert!(signature.contains("/eu-test-1/s3/aws4_request"), "{signature}");
    }
}

#[tokio::test]
async fn the_settings_choose_the_place() {
    let folder = TempDir::new().expect("a folder");
    let off = || Settings { speech_program: "off".to_owned(), ..Settings::default() };
    let database_url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    let beside = Settings { database_url, ..off() };
    let storage = Adapters::new(&beside).expect("adapters").storage;
    let key = storage.put("speech", Media::Wav, Bytes::from_static(b"x")).await.expect("keeps");
    assert!(folder.path().join("uploads").join(key.to_string()).is_file());
    let elsewhere = folder.path().join("elsewhere");
    let named = Settings { storage_url: elsewhere.to_str().expect("text").to_owned(), ..off() };
    let storage = Adapters::new(&named).expect("adapters").storage;
    let key = storage.put("speech", Media::Wav, Bytes::from_static(b"x")).await.expect("keeps");
    assert!(elsewhere.join(key.to_string()).is_file());
}
