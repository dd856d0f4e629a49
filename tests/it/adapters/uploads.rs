//! Serving of files.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use bytes::Bytes;
use plaza::{
    adapters::{
        Adapters,
        storage::{Key, Storage},
    },
    media::Media,
};
use reqwest::Method;
use tempfile::TempDir;

use crate::support::{Answer, Server};

const CONTENT: &[u8] = b"0123456789";

async fn keep(server: &Server, media: Media) -> Key {
    let storage = &server.app.adapters.storage;
    storage.put("speech", media, Bytes::from_static(CONTENT)).await.expect("keeps")
}

async fn get(server: &Server, key: &Key, headers: &[(&str, &str)]) -> Answer {
    let anon = server.anon();
    let mut request = anon.request(Method::GET, &key.url());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    anon.send(request).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_file_comes_with_all_that_belongs_to_it() {
    let folder = TempDir::new().expect("a folder");
    let in_folder =
        Adapters { storage: Storage::folder(folder.path()).expect("a store"), ..Adapters::none() };
    for adapters in [Adapters::none(), in_folder] {
        let server = Server::reaching(adapters, |_| {}).await;
        for (media, kind, extension) in [
            (Media::Wav, "audio/wav", "wav"),
            (Media::Mp3, "audio/mpeg", "mp3"),
            (Media::Png, "image/png", "png"),
        ] {
            let key = keep(&server, media).await;
            let whole = get(&server, &key, &[("accept-encoding", "gzip")]).await;
            assert_eq!((whole.status, whole.text.as_bytes()), (200, CONTENT));
            let tag = format!("\"{}\"", key.random());
            let name = format!("inline; filename=\"{}.{extension}\"", key.random());
            let wanted = [
                ("content-type", kind),
                ("content-length", "10"),
                ("accept-ranges", "bytes"),
                ("etag", &tag),
                ("cache-control", "public, max-age=31536000, immutable"),
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "default-src 'none'; sandbox"),
                ("content-disposition", &name),
            ];
            let head = server.anon().send(server.anon().request(Method::HEAD, &key.url())).await;
            assert_eq!((head.status, head.text.as_str()), (200, ""));
            for (name, value) in wanted {
                assert_eq!(header(&whole, name), Some(value));
                assert_eq!(header(&head, name), Some(value), "HEAD {name}");
            }
            assert_eq!(header(&whole, "content-encoding"), None);

            for sent in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
                let same = get(&server, &key, &[("if-none-match", &sent)]).await;
                assert_eq!(
                    (same.status, same.text.as_str(), header(&same, "etag")),
                    (304, "", Some(tag.as_str()))
                );
            }
            assert_eq!(get(&server, &key, &[("if-none-match", "\"x\"")]).await.status, 200);
        }
    }
}

#[tokio::test]
async fn parts_of_a_file() {
    let server = Server::on_sqlite().await;
    let key = keep(&server, Media::Mp3).await;
    for (range, part, text) in [
        ("bytes=0-3", "bytes 0-3/10", "0123"),
        ("bytes=4-4", "bytes 4-4/10", "4"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=8-99999999999999999999999", "bytes 8-9/10", "89"),
        ("bytes=0-", "bytes 0-9/10", "0123456789"),
        ("bytes=-3", "bytes 7-9/10", "789"),
        ("bytes=-99", "bytes 0-9/10", "0123456789"),
    ] {
        let answer = get(&server, &key, &[("range", range), ("accept-encoding", "gzip")]).await;
        assert_eq!((answer.status, answer.text.as_str()), (206, text), "{range}");
        assert_eq!(header(&answer, "content-range"), Some(part), "{range}");
        assert_eq!(header(&answer, "content-length"), Some(text.len().to_string().as_str()), "{range}");
    }
    for range in ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-"] {
        let answer = get(&server, &key, &[("range", range)]).await;
        assert_eq!((answer.status, header(&answer, "content-range")), (416, Some("bytes */10")), "{range}");
    }
    // Requests other than a single range get the whole file.
    for range in [
        "bytes=0-1,3-4",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=-",
        "bytes=",
        "items=0-1",
        "bytes=+1-2",
        "bytes=0x1-2",
    ] {
        let answer = get(&server, &key, &[("range", range)]).await;
        assert_eq!((answer.status, answer.text.as_bytes()), (200, CONTENT), "{range}");
    }
    let tag = format!("\"{}\"", key.random());
    assert_eq!(get(&server, &key, &[("range", "bytes=0-1"), ("if-range", &tag)]).await.status, 206);
    assert_eq!(get(&server, &key, &[("range", "bytes=0-1"), ("if-range", "\"x\"")]).await.status, 200);
}

#[tokio::test]
async fn what_is_not_there() {
    let server = Server::on_sqlite().await;
    let key = keep(&server, Media::Mp3).await;
    server.app.adapters.storage.delete(&key).await.expect("deletes");
    for headers in [&[][..], &[("range", "bytes=0-1")], &[("if-none-match", "*")]] {
        let gone = get(&server, &key, headers).await;
        assert_eq!((gone.status, gone.json["code"].as_str()), (404, Some("NOT_FOUND")));
    }
    let head = server.anon().send(server.anon().request(Method::HEAD, &key.url())).await;
    assert_eq!((head.status, head.text.as_str()), (404, ""));
    for path in ["/uploads", "/uploads/", "/uploads/speech", "/uploads/speech/x.mp3"] {
        assert_eq!(server.anon().get(path).await.status, 404, "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let answer = server.anon().send(server.anon().request(method, &key.url())).await;
        assert_eq!(answer.status, 405);
    }
}

/// Sends an unnormalised path, which HTTP clients would normalise.
fn raw(server: &Server, path: &str) -> String {
    let address = server.url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).expect("connects");
    write!(socket, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("writes");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).expect("reads");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_outside_is_reached() {
    let folder = TempDir::new().expect("a folder");
    let secret = "nobody may read this";
    let name = "0123456789abcdef0123456789abcdef";
    // Beside the folder under a valid name, and in the folder with another extension.
    std::fs::create_dir_all(folder.path().join("outside")).expect("makes");
    std::fs::create_dir_all(folder.path().join("kept/speech")).expect("makes");
    std::fs::write(folder.path().join(format!("outside/{name}.mp3")), secret).expect("writes");
    std::fs::write(folder.path().join(format!("kept/speech/{name}.html")), secret).expect("writes");
    std::fs::write(folder.path().join("secret.txt"), secret).expect("writes");
    let storage = Storage::folder(&folder.path().join("kept")).expect("a store");
    let server = Server::reaching(Adapters { storage, ..Adapters::none() }, |_| {}).await;
    for path in [
        format!("/uploads/../outside/{name}.mp3"),
        format!("/uploads/..%2foutside%2f{name}.mp3"),
        format!("/uploads/%2e%2e/outside/{name}.mp3"),
        format!("/uploads/%2e%2e%2foutside/{name}.mp3"),
        format!("/uploads/speech/../../outside/{name}.mp3"),
        format!("/uploads/speech/..%5c..%5coutside%5c{name}.mp3"),
        format!("/uploads//{}/outside/{name}.mp3", folder.path().display()),
        format!("/uploads/speech/{name}.html"),
        format!("/uploads/speech/{name}.html%00.mp3"),
        "/uploads/../secret.txt".to_owned(),
        "/uploads/..%2fsecret.txt".to_owned(),
        "/uploads/....//secret.txt".to_owned(),
        "/uploads/%252e%252e/secret.txt".to_owned(),
        "/uploads/%ff%fe".to_owned(),
    ] {
        let answer = tokio::task::block_in_place(|| raw(&server, &path));
        assert!(!answer.contains(secret), "{path}");
        assert!(answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
    }
    let kept = keep(&server, Media::Mp3).await;
    assert!(tokio::task::block_in_place(|| raw(&server, &kept.url())).starts_with("HTTP/1.1 200"));
}
