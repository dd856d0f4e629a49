//! The permission table: which role may do which action.

use entity::membership::Role;

use Role::{Creator, CsAgent, Moderator};

/// An action on a community or its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Change its values.
    Update,
    /// Archive it permanently.
    Archive,
    /// Change a member's role.
    SetRole,
    /// Transfer it to another member.
    Transfer,
    /// Remove a member, who may rejoin.
    Remove,
    /// Ban a user, or lift a ban.
    Ban,
    /// Mute a member, or lift a mute.
    Mute,
    /// Delete messages of others.
    Moderate,
    /// Add an agent.
    AddAgent,
    /// Remove an agent.
    RemoveAgent,
    /// Request verification by the platform.
    RequestVerification,
    /// Read its audit log.
    Audit,
    /// See and resolve reports.
    SeeReports,
    /// Answer its customers, and write notes about them.
    Serve,
    /// Accept a waiting customer.
    Accept,
    /// See waiting customers and the CS agents assigned to them.
    SeeQueue,
    /// Invite CS agents.
    InviteCs,
    /// Resolve or transfer chats of other CS agents, and edit shared canned answers.
    Oversee,
    /// Change support settings, and read support statistics.
    RunSupport,
}

/// Each action with its permitted roles and the refusal for all others.
const TABLE: &[(Action, &[Role], &str)] = &[
    (Action::Update, &[Creator], "Only the creator can update this community"),
    (Action::Archive, &[Creator], "Only the creator can archive this community"),
    (Action::SetRole, &[Creator], "Only the creator can change roles"),
    (Action::Transfer, &[Creator], "Only the creator can transfer ownership"),
    (Action::Remove, &[Creator, Moderator], "Only the creator and moderators can remove members"),
    (Action::Ban, &[Creator, Moderator], "Only the creator and moderators can ban"),
    (Action::Mute, &[Creator, Moderator], "Only the creator and moderators can mute"),
    (
        Action::Moderate,
        &[Creator, Moderator],
        "Only the creator and moderators can delete messages of others",
    ),
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

/// Returns whether the role may do the action.
pub fn may(role: Role, action: Action) -> bool {
    TABLE.iter().any(|(known, roles, _)| *known == action && roles.contains(&role))
}

/// Returns the message that refuses the action.
pub(super) fn refusal(action: Action) -> &'static str {
    TABLE.iter().find(|(known, ..)| *known == action).map_or("Forbidden", |(.., refusal)| refusal)
}

/// Returns whether a role may act on a holder of the other role: only on lower ranks.
pub fn outranks(role: Role, other: Role) -> bool {
    rank(role) < rank(other)
}

/// Rank of a role in member lists: creator, moderators, then all others.
pub(crate) fn rank(role: Role) -> i32 {
    match role {
        Role::Creator => 0,
        Role::Moderator => 1,
        Role::CsAgent | Role::Member => 2,
    }
}

/// Returns whether the role belongs to the team, which pays no fees.
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
