//! One conversation and many sockets that listen to it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue, protocol::WebSocketConfig},
};

use crate::program::{Server, ask, sqlite};

const BURST: usize = 40;
const PACED: usize = 40;
const QUERY: &str = "subscription($c: ID!) { conversationEvents(conversationId: $c) { position ... on MessageEvent { \
                     message { id content createdAt author { id name image } replyToId messageType } } } }";

async fn listen(host: &str, token: &str, room: &str) -> WebSocketStream<TcpStream> {
    let mut request = format!("ws://{host}/graphql/ws").into_client_request().expect("a request");
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let wire = TcpStream::connect(host).await.expect("connects");
    let small = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, wire, Some(small)).await.expect("opens");
    let init = json!({ "type": "connection_init", "payload": { "token": token } });
    socket.send(Message::text(init.to_string())).await.expect("sends");
    socket.next().await.expect("an answer").expect("an answer");
    let payload = json!({ "query": QUERY, "variables": { "c": room } });
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": payload });
    socket.send(Message::text(subscribe.to_string())).await.expect("sends");
    // The snapshot.
    socket.next().await.expect("an answer").expect("an answer");
    socket
}

/// Reads for ever; tells the delay of each message, which carries when it was sent.
async fn hear(
    mut socket: WebSocketStream<TcpStream>,
    began: Instant,
    heard: Arc<AtomicUsize>,
    delays: mpsc::UnboundedSender<u64>,
) {
    while let Some(Ok(frame)) = socket.next().await {
        let Message::Text(text) = frame else { continue };
        let Some((_, rest)) = text.split_once("sent ") else { continue };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let sent: u64 = digits.parse().expect("a time");
        let now = u64::try_from(began.elapsed().as_micros()).expect("fits");
        heard.fetch_add(1, Ordering::Relaxed);
        let _ = delays.send(now.saturating_sub(sent));
    }
}

async fn wait_for(heard: &AtomicUsize, wanted: usize) -> usize {
    let started = Instant::now();
    while heard.load(Ordering::Relaxed) < wanted && started.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    wanted - heard.load(Ordering::Relaxed).min(wanted)
}

/// Opens more and more sockets and posts to all of them.
pub async fn run(folder: &Path) {
    plaza::adapters::use_ring();
    let client = reqwest::Client::new();
    for sockets in [100, 1000, 5000] {
        let server = Server::start(folder, &sqlite(folder, &format!("fan_out_{sockets}")), &[]);
        let host = server.url.trim_start_matches("http://").to_owned();
        let account = json!({ "email": "bench@example.com", "password": "a long password", "name": "Bench" });
        let opened = ask(&client, "", format!("{}/api/auth/sign-up/email", server.url), account).await;
        let token = opened["token"].as_str().expect("a token").to_owned();
        let club =
            ask(&client, &token, format!("{}/api/communities", server.url), json!({ "name": "Bench" })).await;
        let club = club["id"].as_str().expect("an id").to_owned();
        let query = json!({ "query": "query($c: ID!) { community(id: $c) { conversation { id } } }", "variables": { "c": club } });
        let room = ask(&client, &token, format!("{}/graphql", server.url), query).await;
        let room = room["data"]["community"]["conversation"]["id"].as_str().expect("an id").to_owned();

        let idle = server.resident();
        let began = Instant::now();
        let heard = Arc::new(AtomicUsize::new(0));
        let (delays, mut told) = mpsc::unbounded_channel();
        for _ in 0..sockets {
            let socket = listen(&host, &token, &room).await;
            tokio::spawn(hear(socket, began, heard.clone(), delays.clone()));
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let each = (server.resident() - idle) / f64::from(sockets);
        let sockets = sockets as usize;
        let path = format!("{}/api/conversations/{room}/messages", server.url);
        let post = |number: usize| {
            let sent = began.elapsed().as_micros();
            let content = format!("number {number} sent {sent} {}", "x".repeat(100));
            ask(&client, &token, path.clone(), json!({ "content": content }))
        };

        let (processor, started) = (server.processor(), Instant::now());
        for number in 0..BURST {
            post(number).await;
        }
        let mut lost = wait_for(&heard, BURST * sockets).await;
        let seconds = started.elapsed().as_secs_f64();
        let per_delivery = (server.processor() - processor) * 1e6 / (BURST * sockets) as f64;
        while told.try_recv().is_ok() {}

        for number in 0..PACED {
            post(number).await;
            lost += wait_for(&heard, (BURST + number + 1) * sockets).await;
        }
        let mut delays: Vec<u64> = std::iter::from_fn(|| told.try_recv().ok()).collect();
        delays.sort_unstable();
        let at = |share: f64| {
            delays.get((delays.len() as f64 * share) as usize).copied().unwrap_or_default() as f64 / 1e3
        };
        println!(
            "fan-out    {sockets:>5} sockets   {:>8.0} deliveries/s   {per_delivery:>5.2} µs of the server each   \
             delay p50 {:.1} ms p99 {:.1} ms   {each:.1} KiB a socket   lost {lost}",
            (BURST * sockets) as f64 / seconds,
            at(0.5),
            at(0.99),
        );
    }
}
