//! Results of mutations. Each holds the objects that changed, with their ids, so that a client's cache stays
//! consistent; `deletedId` names the deleted object.

#![expect(dead_code, reason = "the library makes a method of each field, besides the resolver")]

mod accounts;
mod agents;
mod communities;
mod conversations;
mod lounges;
mod oversight;
mod spaces;
mod support;

pub(super) use self::{
    accounts::*, agents::*, communities::*, conversations::*, lounges::*, oversight::*, spaces::*, support::*,
};

/// Declares results of mutations.
macro_rules! payloads {
    ($($name:ident of $mutation:literal { $($(#[doc = $doc:literal])+ $field:ident: $ty:ty,)+ })+) => {
        $(
            #[doc = concat!("Result of `", $mutation, "`.")]
            #[derive(SimpleObject)]
            pub(in crate::graphql) struct $name {
                $($(#[doc = $doc])+ pub(in crate::graphql) $field: $ty,)+
            }
        )+
    };
}

use payloads;
