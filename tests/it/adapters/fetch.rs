//! Fetching URLs of users: only public addresses, whatever names and servers return.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use plaza::{
    adapters::fetch::{ExpectedContent, Fetch, FetchError, Fetched, Resolver},
    media::Media,
};

use crate::support::{
    openai::{FakeOpenAi, Step, send},
    sound::{mp3, wav},
};

const SOUND: ExpectedContent<'_> = ExpectedContent { kinds: &[Media::Wav, Media::Mp3], most: 100_000 };

/// A resolver with the answers of a test.
#[derive(Default)]
struct Names(Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>);

impl Names {
    /// Answers of the next look-ups; the last one repeats.
    fn lead(&self, name: &str, addresses: &[&str]) {
        let addresses = addresses.iter().map(|address| address.parse().expect("an address")).collect();
        self.0.lock().expect("not poisoned").entry(name.to_owned()).or_default().push_back(addresses);
    }
}

impl Resolver for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let mut names = self.0.lock().expect("not poisoned");
        let found = names.get_mut(host).and_then(|answers| match answers.len() {
            1 => answers.front().cloned(),
            _ => answers.pop_front(),
        });
        let found = found.ok_or_else(|| io::Error::other("no such name"));
        async move { found }.boxed()
    }
}

/// Returns a fetcher that may reach these addresses of this machine by these names.
fn fetch(names: &Arc<Names>, allowed: &[&str]) -> Fetch {
    let allowed = allowed.iter().map(|network| network.parse().expect("a network")).collect();
    let mut fetch = Fetch::with(names.clone(), allowed);
    fetch.timeout = Duration::from_secs(20);
    fetch
}

fn here() -> Fetch {
    fetch(&Arc::default(), &["127.0.0.1"])
}

fn whole(body: Vec<u8>) -> Vec<Step> {
    vec![Step::Whole(200, "text/html", body)]
}

fn moved(status: u16, location: &str) -> Vec<Step> {
    let head = format!("HTTP/1.1 {status} X\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
    vec![Step::Raw(head.into_bytes())]
}

fn not_allowed(reason: &'static str) -> Result<Fetched, FetchError> {
    Err(FetchError::NotAllowed(reason))
}

const PRIVATE: &str = "it leads to a private network";

#[tokio::test]
async fn a_file_is_known_by_its_content_and_nothing_goes_along() {
    let fake = FakeOpenAi::start([whole(wav(100)), whole(mp3(5))]).await;
    let url = format!("{}/samples.txt?a=b#part", fake.root());
    let file = here().get(&url, SOUND).await.expect("a file");
    assert_eq!((file.media, file.bytes.as_ref()), (Media::Wav, wav(100).as_slice()));
    assert_eq!(here().get(&url, SOUND).await.expect("a file").media, Media::Mp3);
    let asked = &fake.requests()[0];
    assert_eq!(asked.path, "/samples.txt?a=b");
    let mut names: Vec<_> = asked.head.lines().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "user-agent"], "{}", asked.head);
}

#[tokio::test]
async fn non_public_addresses_are_not_contacted() {
    let fake = FakeOpenAi::start([]).await;
    let port = fake.port();
    let names = Arc::new(Names::default());
    for (name, addresses) in [
        ("loopback.test", &["127.0.0.1"][..]),
        ("six.test", &["::1"]),
        ("mapped.test", &["::ffff:127.0.0.1"]),
        ("nat64.test", &["64:ff9b::7f00:1"]),
        ("metadata.test", &["169.254.169.254"]),
        ("private.test", &["10.0.0.1"]),
        // One private address among several is enough to refuse.
        ("mixed.test", &["93.184.216.34", "127.0.0.1"]),
    ] {
        names.lead(name, addresses);
    }
    let fetch = fetch(&names, &[]);
    for host in [
        "loopback.test",
        "six.test",
        "mapped.test",
        "nat64.test",
        "metadata.test",
        "private.test",
        "mixed.test",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[2002:7f00:1::]",
        "１２７.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let refused = fetch.get(&format!("{scheme}://{host}:{port}/"), SOUND).await;
            assert_eq!(refused, not_allowed(PRIVATE), "{scheme} {host}");
        }
    }
    assert_eq!(fake.requests().len(), 0);
    // With the system's resolver, the machine's own name is refused, too.
    let refused = Fetch::default().get(&format!("http://localhost:{port}/"), SOUND).await;
    assert_eq!(refused, not_allowed(PRIVATE));
    // The operator allows one address, not its neighbours.
    let next = format!("http://127.0.0.2:{port}/");
    assert_eq!(here().get(&next, SOUND).await, not_allowed(PRIVATE));
}

#[tokio::test]
async fn urls_that_are_never_fetched() {
    let names = Arc::new(Names::default());
    names.lead("world.test", &["93.184.216.34"]);
    let fetch = fetch(&names, &[]);
    for (url, reason) in [
        ("", "it is not a URL"),
        ("samples.wav", "it is not a URL"),
        ("//world.test/", "it is not a URL"),
        ("http://", "it is not a URL"),
        ("file:///etc/passwd", "it must begin with http:// or https://"),
        ("ftp://world.test/", "it must begin with http:// or https://"),
        ("gopher://world.test/", "it must begin with http:// or https://"),
        ("data:audio/wav;base64,AAAA", "it must begin with http:// or https://"),
        ("http://user@world.test/", "it must not contain a user name or password"),
        ("http://:secret@world.test/", "it must not contain a user name or password"),
        ("http://world.test:22/", "its port must be 80 or 443"),
        ("https://world.test:8080/", "its port must be 80 or 443"),
    ] {
        assert_eq!(fetch.get(url, SOUND).await, not_allowed(reason), "{url}");
    }
    let long = format!("http://world.test/{}", "x".repeat(2048));
    assert_eq!(fetch.get(&long, SOUND).await, not_allowed("it is too long"));
    let unknown = fetch.get("http://nowhere.test/", SOUND).await;
    assert_eq!(unknown, Err(FetchError::Unreachable("its host name cannot be resolved".to_owned())));
}

#[tokio::test]
async fn every_redirect_is_checked_anew() {
    let names = Arc::new(Names::default());
    names.lead("start.test", &["127.0.0.1"]);
    names.lead("inside.test", &["10.0.0.1"]);
    let fetch = fetch(&names, &["127.0.0.1"]);
    let hidden = FakeOpenAi::at("127.0.0.2:0", []).await;
    for (location, reason) in [
        (hidden.root().to_owned(), PRIVATE),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), PRIVATE),
        ("http://[::1]/".to_owned(), PRIVATE),
        ("http://inside.test/".to_owned(), PRIVATE),
        ("//inside.test/".to_owned(), PRIVATE),
        ("file:///etc/passwd".to_owned(), "it must begin with http:// or https://"),
        ("http://a:b@start.test/".to_owned(), "it must not contain a user name or password"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let fake = FakeOpenAi::start([moved(status, &location)]).await;
            let refused = fetch.get(&format!("http://start.test:{}/", fake.port()), SOUND).await;
            assert_eq!(refused, not_allowed(reason), "{status} {location}");
        }
    }
    assert_eq!(hidden.requests().len(), 0);

    // Five redirects to allowed addresses are followed.
    let hops = || (1..=5).map(|hop| moved(302, &format!("/hop/{hop}"))).collect::<Vec<_>>();
    let fake = FakeOpenAi::start([hops(), vec![whole(wav(10))]].concat()).await;
    assert!(fetch.get(fake.root(), SOUND).await.is_ok());
    assert_eq!(fake.requests().last().expect("a request").path, "/hop/5");
    let fake = FakeOpenAi::start([hops(), vec![moved(302, "/on")]].concat()).await;
    assert_eq!(fetch.get(fake.root(), SOUND).await, Err(FetchError::TooManyRedirects));
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_a_moment_later_leads_nowhere() {
    let names = Arc::new(Names::default());
    let open = FakeOpenAi::start([]).await;
    let hidden = FakeOpenAi::at(&format!("127.0.0.2:{}", open.port()), []).await;
    names.lead("rebind.test", &["127.0.0.1"]);
    names.lead("rebind.test", &["127.0.0.2"]);
    let fetch = fetch(&names, &["127.0.0.1"]);
    let url = format!("http://rebind.test:{}/", open.port());
    // The connection goes to the checked address; the name is resolved once.
    open.respond_with(whole(wav(10)));
    assert!(fetch.get(&url, SOUND).await.is_ok());
    assert_eq!((open.requests().len(), hidden.requests().len()), (1, 0));
    // The next request and the next redirect resolve again and refuse.
    assert_eq!(fetch.get(&url, SOUND).await, not_allowed(PRIVATE));
    names.lead("again.test", &["127.0.0.1"]);
    names.lead("again.test", &["127.0.0.2"]);
    open.respond_with(moved(302, "/second"));
    let refused = fetch.get(&format!("http://again.test:{}/", open.port()), SOUND).await;
    assert_eq!(refused, not_allowed(PRIVATE));
    assert_eq!((open.requests().len(), hidden.requests().len()), (2, 0));
    assert_eq!(open.requests()[1].header("host"), Some(format!("again.test:{}", open.port()).as_str()));
}

#[tokio::test]
async fn what_a_server_may_send() {
    let limit = Duration::from_millis(300);
    for (script, error) in [
        (whole(wav(3000)), FetchError::TooLarge(100_000)),
        (vec![Step::Stream, send(wav(1000)), send(wav(2000)), Step::End], FetchError::TooLarge(100_000)),
        // The endless file is abandoned at the limit.
        (vec![Step::Stream, send(wav(3000)), Step::Hang], FetchError::TooLarge(100_000)),
        (whole(b"<!doctype html>".to_vec()), FetchError::WrongKind),
        (whole(b"\x89PNG\r\n\x1a\n".to_vec()), FetchError::WrongKind),
        (whole(Vec::new()), FetchError::WrongKind),
        (vec![Step::Whole(404, "audio/wav", wav(10))], FetchError::Refused(404)),
        (vec![Step::Whole(206, "audio/wav", wav(10))], FetchError::Refused(206)),
        (vec![Step::Stream, send(wav(10)), Step::Hang], FetchError::Timeout(limit)),
        (vec![Step::Hang], FetchError::Timeout(limit)),
    ] {
        let fake = FakeOpenAi::start([script]).await;
        let mut fetch = here();
        if matches!(error, FetchError::Timeout(_)) {
            fetch.timeout = limit;
        }
        assert_eq!(fetch.get(fake.root(), SOUND).await, Err(error));
        assert_eq!(fake.requests().len(), 1);
    }
    for script in [
        vec![Step::Stream, send(wav(10)), Step::Cut],
        vec![Step::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nRIFF".to_vec()), Step::Cut],
        vec![Step::Raw(b"SSH-2.0-OpenSSH\r\n".to_vec()), Step::Cut],
        vec![Step::Cut],
    ] {
        let fake = FakeOpenAi::start([script]).await;
        let error = here().get(fake.root(), SOUND).await.expect_err("it breaks");
        assert!(matches!(error, FetchError::Broken(_)), "{error}");
        assert_eq!(error.reason(), "its server closed the connection");
    }
}
