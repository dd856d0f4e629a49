//! A proxy before PostgreSQL that stalls, disconnects, and loses answers.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Notify, watch},
    task::JoinHandle,
};
use url::Url;

/// `COMMIT` as a simple query of PostgreSQL's protocol.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// Behaviour of the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Forwards everything.
    Pass,
    /// Forwards and answers nothing, like an unreachable peer.
    Stall,
    /// Closes new connections, and open ones at their next request.
    Refuse,
    /// Forwards the next `COMMIT`, waits for the answer, and closes the connection instead of forwarding it.
    LoseAnswer,
    /// Closes the connection instead of forwarding the next `COMMIT`.
    LoseCommit,
}

/// A proxy, stopped when dropped.
pub struct Proxy {
    /// URL of the database through the proxy.
    pub url: String,
    mode: watch::Sender<Mode>,
    lost: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Creates a proxy for the database at this URL.
    pub async fn before(url: &str) -> Self {
        let mut url: Url = url.parse().expect("a URL");
        let host = url.host_str().expect("a host").to_owned();
        let target = format!("{host}:{}", url.port().unwrap_or(5432));
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        // Encrypted traffic could not be parsed here.
        url.query_pairs_mut().append_pair("sslmode", "disable");
        let mode = watch::Sender::new(Mode::Pass);
        let lost = Arc::new(AtomicUsize::new(0));
        let (modes, lost_here) = (mode.clone(), lost.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *modes.borrow() == Mode::Refuse {
                    continue;
                }
                tokio::spawn(pass(client, target.clone(), modes.clone(), lost_here.clone()));
            }
        });
        Self { url: url.into(), mode, lost, task }
    }

    /// Changes the behaviour.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Returns the number of lost commits.
    pub fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, target: String, mode: watch::Sender<Mode>, lost: Arc<AtomicUsize>) {
    flowing(&mut mode.subscribe()).await;
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // Notified when the next answer must be lost.
    let lose = Arc::new(Notify::new());
    let there = requests(from_client, to_server, mode.clone(), lost, lose.clone());
    let back = answers(from_server, to_client, mode.subscribe(), lose);
    // When either end closes, both are closed.
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mode: watch::Sender<Mode>,
    lost: Arc<AtomicUsize>,
    lose: Arc<Notify>,
) {
    let mut modes = mode.subscribe();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        flowing(&mut modes).await;
        let now = *modes.borrow();
        if now == Mode::Refuse {
            return;
        }
        if bytes[..read].windows(COMMIT.len()).any(|part| part == COMMIT) {
            if matches!(now, Mode::LoseAnswer | Mode::LoseCommit) {
                lost.fetch_add(1, Ordering::SeqCst);
                mode.send_replace(Mode::Pass);
            }
            match now {
                Mode::LoseAnswer => lose.notify_one(),
                Mode::LoseCommit => return,
                _ => {}
            }
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut modes: watch::Receiver<Mode>,
    lose: Arc<Notify>,
) {
    let mut bytes = vec![0; 64 * 1024];
    let mut losing = false;
    loop {
        let read = loop {
            tokio::select! {
                () = lose.notified() => losing = true,
                read = from.read(&mut bytes) => break read,
            }
        };
        let Ok(read @ 1..) = read else { return };
        // The answer arrived, so the commit was executed.
        if losing {
            return;
        }
        flowing(&mut modes).await;
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// Waits while the proxy forwards nothing.
async fn flowing(modes: &mut watch::Receiver<Mode>) {
    let _ = modes.wait_for(|mode| *mode != Mode::Stall).await;
}
