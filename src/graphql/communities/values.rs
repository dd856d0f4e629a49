//! The enums of communities.

use async_graphql::Enum;
use entity::community;

use crate::domain::communities::Sort;

/// Kinds of communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Kind")]
pub(in crate::graphql) enum CommunityKind {
    /// A community of people who share an interest.
    Club,
    /// A business that serves its customers in support chats.
    Official,
    /// A creator's community with an agent that answers by voice.
    Lounge,
}

/// States of a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Status")]
pub(in crate::graphql) enum CommunityStatus {
    /// The community is open.
    Active,
    /// An administrator suspended the community.
    Suspended,
    /// The creator closed the community permanently; its members can still read it.
    Archived,
}

/// Assignment of a community's customers to agents and people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::CsMode")]
pub(in crate::graphql) enum CsMode {
    /// The agent answers; a person takes over only when the customer requests one.
    AiOnly,
    /// Only people answer; customers wait in the queue.
    HumanOnly,
    /// The agent answers first and hands over to people when it cannot help.
    Hybrid,
}

/// Languages of the system messages in a community's conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "community::Language")]
pub(in crate::graphql) enum CommunityLanguage {
    /// System messages in English.
    English,
    /// System messages in German.
    German,
    /// System messages in Spanish.
    Spanish,
    /// System messages in French.
    French,
    /// System messages in Japanese.
    Japanese,
    /// System messages in Chinese, in simplified characters.
    Chinese,
    /// System messages in Arabic.
    Arabic,
}

/// Sort orders of communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Sort")]
pub(in crate::graphql) enum CommunitySort {
    /// Most members first, then newest.
    Members,
    /// Newest community first.
    Newest,
}
