//! The client's address behind proxies.

use reqwest::Method;
use serde_json::json;

use super::{Wire, head};
use crate::support::Server;

/// Every spelling of an address, with any prefix that a client wrote, is one client.
#[tokio::test]
async fn spellings_of_an_address_share_its_limit() {
    let spellings: [(&str, &[&[&str]]); 3] = [
        (
            "192.0.2.7",
            &[
                &["X-Forwarded-For: 192.0.2.7"],
                &["X-Forwarded-For: 192.0.2.7:4711"],
                &["X-Forwarded-For: ::ffff:192.0.2.7"],
                &["X-Forwarded-For: [::ffff:192.0.2.7]:80"],
                &["X-Forwarded-For: 10.0.0.1, 192.0.2.7"],
                &["X-Forwarded-For: 10.0.0.1", "X-Forwarded-For: 192.0.2.7"],
                &["X-Forwarded-For: \"192.0.2.7\""],
                &["Forwarded: for=192.0.2.7"],
                &["Forwarded: for=10.0.0.1, for=\"192.0.2.7:80\";proto=https"],
            ],
        ),
        (
            "2001:db8::/64",
            &[
                &["X-Forwarded-For: 2001:db8::1"],
                &["X-Forwarded-For: 2001:DB8:0:0:0:0:0:1"],
                &["X-Forwarded-For: [2001:db8::1]:80"],
                &["X-Forwarded-For: 2001:db8::ffff:2"],
                &["Forwarded: for=\"[2001:db8::3]:99\""],
            ],
        ),
        (
            "the peer",
            &[
                &[],
                &["X-Forwarded-For: unknown"],
                &["X-Forwarded-For: "],
                &["X-Forwarded-For: 192.0.2.7, nonsense"],
                &["X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.8"],
            ],
        ),
    ];
    for (client, spellings) in spellings {
        let server = Server::with(|settings| {
            settings.trust_proxy = plaza::config::Switch::On;
            settings.requests_per_minute = 3;
        })
        .await;
        for (number, lines) in spellings.iter().cycle().take(10).enumerate() {
            let answer = Wire::ask(&server, head("GET /api/spaces", lines)).await;
            assert_eq!(answer.status, if number < 3 { 200 } else { 429 }, "{client}: {lines:?}");
        }
        let other = Wire::ask(&server, head("GET /api/spaces", &["X-Forwarded-For: 203.0.113.1"])).await;
        assert_eq!(other.status, 200);
    }
}

/// Without a trusted proxy no header counts; with two, the second address from the right counts.
#[tokio::test]
async fn the_number_of_proxies_decides() {
    for (proxies, of_one) in [(0, true), (2, false)] {
        let server =
            Server::with(|settings| (settings.trusted_proxies, settings.requests_per_minute) = (proxies, 3))
                .await;
        for number in 0..10 {
            let line = format!("X-Forwarded-For: 192.0.2.{number}, 203.0.113.1");
            let answer = Wire::ask(&server, head("GET /api/spaces", &[&line])).await;
            assert_eq!(answer.status, if of_one && number >= 3 { 429 } else { 200 }, "{proxies} {number}");
        }
    }
}

/// A sign-in stores the plain address.
#[tokio::test]
async fn a_sign_in_remembers_the_address() {
    let server = Server::with(|settings| settings.trusted_proxies = 1).await;
    server.member("Alice").await;
    for (sent, kept) in [
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:DB8::1]:80", "2001:db8::1"),
        ("::ffff:192.0.2.8", "192.0.2.8"),
    ] {
        let body = json!({ "email": "alice@example.com", "password": "a long password" });
        let request = server.anon().request(Method::POST, "/api/auth/sign-in/email").json(&body);
        let signed_in = server.anon().send(request.header("x-forwarded-for", sent)).await;
        let token = signed_in.json["token"].as_str().expect("a token").to_owned();
        let query = "{ currentSession { session { ipAddress } } }";
        let answer = server.bearer(&token).graphql(query, json!({})).await;
        let found = &answer.json["data"]["currentSession"]["session"]["ipAddress"];
        assert_eq!(found, kept, "{}", answer.text);
    }
}
