//! A subscriber over any transport, which can be interrupted.

use serde_json::{Value, json};

use crate::support::{Caller, Events, Server, Single, Socket};

/// The subscription whose events are compared.
const QUERY: &str = "subscription($c: ID!, $a: String) { conversationEvents(conversationId: $c, after: $a) \
                     { __typename position ... on MessageEvent { message { id content } } } }";

/// Transport of a subscription.
#[derive(Clone, Copy, Debug)]
pub enum Transport {
    /// `GET /api/conversations/{id}/events`.
    Rest,
    /// graphql-transport-ws.
    Socket,
    /// graphql-sse, one connection a subscription.
    GraphQl,
    /// graphql-sse, one connection for many operations.
    Single,
}

/// An open subscription.
pub enum Subscriber {
    Rest(Events),
    Socket(Box<Socket>),
    GraphQl(Events),
    Single(Box<Single>),
}

/// An event: its position, and its message, if any.
pub type Heard = (i64, Option<String>);

impl Subscriber {
    /// Subscribes after a position, or from now.
    pub async fn open(
        server: &Server,
        caller: &Caller,
        by: Transport,
        chat: &str,
        after: Option<i64>,
    ) -> Self {
        let after = after.map(|after| after.to_string());
        match by {
            Transport::Rest => {
                let path = format!("/api/conversations/{chat}/events");
                Self::Rest(Events::open(caller, &path, after.as_deref()).await)
            }
            Transport::GraphQl => {
                let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("query", QUERY)
                    .append_pair("variables", &json!({ "c": chat }).to_string())
                    .finish();
                let path = format!("/graphql/stream?{query}");
                Self::GraphQl(Events::open(caller, &path, after.as_deref()).await)
            }
            Transport::Single => {
                let single = Single::open(caller).await;
                let answer = single.operate("1", QUERY, json!({ "c": chat, "a": after })).await;
                assert_eq!(answer.status, 202, "{}", answer.text);
                Self::Single(Box::new(single))
            }
            Transport::Socket => {
                let mut socket = server.socket().by(caller).await;
                socket.subscribe("1", QUERY, json!({ "c": chat, "a": after })).await;
                Self::Socket(Box::new(socket))
            }
        }
    }

    /// The next thing. A snapshot is a position without a message.
    pub async fn hear(&mut self) -> Heard {
        let event = match self {
            Self::Rest(events) => {
                let told = events.expect().await;
                assert_eq!(told.id, told.json["position"], "the id is the position");
                told.json
            }
            Self::GraphQl(events) => {
                let told = events.expect().await;
                assert_eq!(told.event, "next", "{told:?}");
                let event = told.json["data"]["conversationEvents"].clone();
                assert_eq!(told.id, event["position"], "the id is the position");
                event
            }
            Self::Single(single) => {
                let (name, _, payload) = single.told().await;
                assert_eq!(name, "next", "{payload}");
                payload["data"]["conversationEvents"].clone()
            }
            Self::Socket(socket) => {
                let frame = socket.hear().await;
                assert_eq!(frame["type"], "next", "{frame}");
                frame["payload"]["data"]["conversationEvents"].clone()
            }
        };
        let position: i64 = super::text(&event["position"]).parse().expect("a number");
        (position, id(&event["message"]["id"]))
    }
}

fn id(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
