//! What each role may do: the one table.

use entity::membership::Role;

use Role::{Creator, CsAgent, Moderator};

/// What somebody does to a community or its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Change what it is.
    Update,
    /// Close it for good.
    Archive,
    /// Give a member another role.
    SetRole,
    /// Hand it over to another member.
    Transfer,
    /// Send a member away, who may come back.
    Remove,
    /// Keep somebody out, or let them in again.
    Ban,
    /// Keep a member from speaking, or let them speak again.
    Mute,
    /// Delete what others said.
    Moderate,
    /// Let an agent answer in it.
    AddAgent,
    /// Let an agent answer in it no longer.
    RemoveAgent,
    /// Ask the platform to verify it.
    RequestVerification,
    /// Read what was done in it to others.
    Audit,
    /// See to what is reported in it.
    SeeReports,
    /// Answer its customers, and make notes about them.
    Serve,
    /// Take a customer who waits.
    Accept,
    /// See which customers wait and who answers them.
    SeeQueue,
    /// Let somebody answer customers.
    InviteCs,
    /// End or hand on what others answer, and write answers for all to use.
    Oversee,
    /// Change how customers are served, and see how well they are.
    RunSupport,
}

/// Each action, who may do it, and what others are told.
const TABLE: &[(Action, &[Role], &str)] = &[
    (Action::Update, &[Creator], "Only the creator can update this community"),
    (Action::Archive, &[Creator], "Only the creator can archive this community"),
    (Action::SetRole, &[Creator], "Only the creator can change roles"),
    (Action::Transfer, &[Creator], "Only the creator can transfer ownership"),
    (Action::Remove, &[Creator, Moderator], "Only the creator and moderators can remove members"),
    (Action::Ban, &[Creator, Moderator], "Only the creator and moderators can ban"),
    (Action::Mute, &[Creator, Moderator], "Only the creator and moderators can mute"),
    (Action::Moderate, &[Creator, Moderator], "Only the creator and moderators can delete what others said"),
    (Action::AddAgent, &[Creator], "Only the creator can add agents"),
    (Action::RemoveAgent, &[Creator], "Only the creator can remove agents"),
    (Action::RequestVerification, &[Creator], "Only the creator can request verification"),
    (Action::Audit, &[Creator], "Only the creator can read the audit log"),
    (Action::SeeReports, &[Creator, Moderator], "Only the creator and moderators can see reports"),
    (Action::Serve, &[Creator, Moderator, CsAgent], "Only the team can do this"),
    (Action::Accept, &[Creator, Moderator, CsAgent], "Not authorized as CS agent"),
    (Action::SeeQueue, &[Creator, Moderator, CsAgent], "Not authorized"),
    (Action::InviteCs, &[Creator, Moderator], "Only creator/moderator can invite CS agents"),
    (Action::Oversee, &[Creator, Moderator], "Only the creator and moderators can do this"),
    (Action::RunSupport, &[Creator], "Only the creator can do this"),
];

/// Whether this role may do this.
pub fn may(role: Role, action: Action) -> bool {
    TABLE.iter().any(|(known, roles, _)| *known == action && roles.contains(&role))
}

/// What those are told who may not.
pub(super) fn refusal(action: Action) -> &'static str {
    TABLE.iter().find(|(known, ..)| *known == action).map_or("Forbidden", |(.., refusal)| refusal)
}

/// Whether one role may act on the holder of another: on those below only.
pub fn outranks(role: Role, other: Role) -> bool {
    rank(role) < rank(other)
}

/// Where a role stands in the list of members: the creator, then moderators, then everybody else.
pub(crate) fn rank(role: Role) -> i32 {
    match role {
        Role::Creator => 0,
        Role::Moderator => 1,
        Role::CsAgent | Role::Member => 2,
    }
}

/// Whether the role works for the community, and so has nothing to pay.
pub(super) fn is_team(role: Role) -> bool {
    role != Role::Member
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn roles_and_actions() {
        let mut table = String::new();
        for (action, ..) in TABLE {
            let roles: Vec<String> =
                Role::iter().filter(|role| may(*role, *action)).map(|role| format!("{role:?}")).collect();
            table += &format!("{action:?}: {}\n", roles.join(" "));
        }
        let wanted = "Update: Creator\nArchive: Creator\nSetRole: Creator\nTransfer: Creator\n\
            Remove: Creator Moderator\nBan: Creator Moderator\nMute: Creator Moderator\n\
            Moderate: Creator Moderator\nAddAgent: Creator\nRemoveAgent: Creator\n\
            RequestVerification: Creator\n\
            Audit: Creator\nSeeReports: Creator Moderator\n\
            Serve: Creator Moderator CsAgent\nAccept: Creator Moderator CsAgent\n\
            SeeQueue: Creator Moderator CsAgent\nInviteCs: Creator Moderator\nOversee: Creator Moderator\n\
            RunSupport: Creator\n";
        assert_eq!(table, wanted);
    }

    #[test]
    fn nobody_outranks_their_own() {
        for role in Role::iter() {
            assert!(!outranks(role, role));
            assert_eq!(outranks(Creator, role), role != Creator);
        }
        assert!(!outranks(Role::CsAgent, Role::Member));
    }
}
