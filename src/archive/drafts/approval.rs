//! The state machine of 审签: which step leads from which state to which, and who may take it.

use crate::archive::access::caller::{Caller, Role};
use crate::archive::drafts::error::DraftError;

/// The state of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 起草中: it is being written.
    Drafting,
    /// 待审核: it was sent and waits for the reviewer.
    InReview,
    /// 已退回: it was returned and may be changed again.
    Returned,
    /// 待签发: the reviewer agreed, and it waits for the signatory.
    InApproval,
    /// 已签发: the signatory approved it.
    Approved,
    /// 已生成: it has become a filing.
    Filed,
}

/// A step of 审签.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 送审.
    Send,
    /// 撤回.
    Withdraw,
    /// 退回.
    Return,
    /// 审核同意.
    Agree,
    /// 签发.
    Approve,
}

/// What decides whether a caller may take a step.
#[derive(Debug, Clone, Copy)]
pub struct Position<'a> {
    /// The state of the draft.
    pub state: State,
    /// The id of the caller who created it.
    pub created_by: &'a str,
    /// The id of the caller who saved its current content.
    pub saved_by: &'a str,
    /// The id of the caller who sent it.
    pub sent_by: Option<&'a str>,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Drafting,
        Self::InReview,
        Self::Returned,
        Self::InApproval,
        Self::Approved,
        Self::Filed,
    ];

    /// Its name in JSON and in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::InReview => "in_review",
            Self::Returned => "returned",
            Self::InApproval => "in_approval",
            Self::Approved => "approved",
            Self::Filed => "filed",
        }
    }

    /// The state with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether the content may change.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Drafting | Self::Returned)
    }

    /// The state after a step; `None` if the step is not possible.
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Drafting | Self::Returned, Step::Send) => Some(Self::InReview),
            (Self::InReview, Step::Agree) => Some(Self::InApproval),
            (Self::InApproval, Step::Approve) => Some(Self::Approved),
            (Self::InReview | Self::InApproval, Step::Return) => Some(Self::Returned),
            (Self::InReview | Self::InApproval | Self::Approved, Step::Withdraw) => {
                Some(Self::Drafting)
            }
            _ => None,
        }
    }
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 5] =
        [Self::Send, Self::Withdraw, Self::Return, Self::Agree, Self::Approve];

    /// Its name in JSON and in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Withdraw => "withdraw",
            Self::Return => "return",
            Self::Agree => "agree",
            Self::Approve => "approve",
        }
    }

    /// The step with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The role that the step needs. Who waits for the draft may return it.
    fn role(self, state: State) -> Role {
        match self {
            Self::Send | Self::Withdraw => Role::Submit,
            Self::Return if state == State::InApproval => Role::Approve,
            Self::Agree | Self::Return => Role::Review,
            Self::Approve => Role::Approve,
        }
    }
}

impl Position<'_> {
    /// The state after a caller takes a step. Nobody agrees to or approves a content that they saved or
    /// sent themselves, and only those who sent or created a draft withdraw it. Without approval a
    /// draft that was sent earlier can only be withdrawn.
    ///
    /// # Errors
    /// Returns `DraftError::ApprovalOff`, `DraftError::MissingRole`, `DraftError::StepImpossible`,
    /// `DraftError::OwnDraft` or `DraftError::NotSender` if the caller may not take the step now.
    pub fn after(
        self,
        step: Step,
        caller: &Caller,
        requires_approval: bool,
    ) -> Result<State, DraftError> {
        if !requires_approval && step != Step::Withdraw {
            return Err(DraftError::ApprovalOff);
        }
        let role = step.role(self.state);
        if !caller.roles.has(role) {
            return Err(DraftError::MissingRole(role));
        }
        let next = self.state.after(step).ok_or(DraftError::StepImpossible)?;
        let has_sent = self.sent_by == Some(&*caller.id);
        match step {
            Step::Agree | Step::Approve if has_sent || self.saved_by == caller.id => {
                Err(DraftError::OwnDraft)
            }
            Step::Withdraw
                if !has_sent && self.created_by != caller.id && !caller.roles.has(Role::Admin) =>
            {
                Err(DraftError::NotSender)
            }
            _ => Ok(next),
        }
    }

    /// Whether a filing may be made from the draft: it is approved, or needs no approval.
    pub fn may_be_filed(self, requires_approval: bool) -> bool {
        match self.state {
            State::Filed => false,
            State::Approved => true,
            _ => !requires_approval,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, State, Step};
    use crate::archive::access::caller::{Caller, Role, Roles};
    use crate::archive::drafts::error::DraftError;

    fn caller(id: &str, roles: &[Role]) -> Caller {
        Caller { id: id.to_owned(), roles: Roles::new(roles.iter().copied()), agency: None }
    }

    fn position(state: State) -> Position<'static> {
        let sent_by = (!state.is_editable()).then_some("sender");
        Position { state, created_by: "author", saved_by: "writer", sent_by }
    }

    #[test]
    fn every_step_leads_from_its_states_only() {
        let everyone = caller("boss", &[Role::Admin]);
        let possible = [
            (State::Drafting, Step::Send, State::InReview),
            (State::Returned, Step::Send, State::InReview),
            (State::InReview, Step::Agree, State::InApproval),
            (State::InReview, Step::Return, State::Returned),
            (State::InApproval, Step::Return, State::Returned),
            (State::InApproval, Step::Approve, State::Approved),
            (State::InReview, Step::Withdraw, State::Drafting),
            (State::InApproval, Step::Withdraw, State::Drafting),
            (State::Approved, Step::Withdraw, State::Drafting),
        ];
        for state in State::ALL {
            for step in Step::ALL {
                let expected = possible.iter().find(|(from, by, _)| (*from, *by) == (state, step));
                let after = position(state).after(step, &everyone, true);
                match expected {
                    Some((_, _, next)) => assert_eq!(after.unwrap(), *next, "{state:?} {step:?}"),
                    None => assert!(
                        matches!(after, Err(DraftError::StepImpossible)),
                        "{state:?} {step:?}: {after:?}"
                    ),
                }
            }
        }
    }

    #[test]
    fn each_step_needs_its_role() {
        let cases = [
            (State::Drafting, Step::Send, Role::Submit),
            (State::InReview, Step::Agree, Role::Review),
            (State::InReview, Step::Return, Role::Review),
            (State::InApproval, Step::Return, Role::Approve),
            (State::InApproval, Step::Approve, Role::Approve),
        ];
        for (state, step, needed) in cases {
            for role in Role::ALL {
                let after = position(state).after(step, &caller("boss", &[role]), true);
                let may = role == needed || role == Role::Admin;
                match after {
                    Ok(_) => assert!(may, "{step:?} with {role:?}"),
                    Err(DraftError::MissingRole(missing)) => {
                        assert!(!may && missing == needed, "{step:?} with {role:?}");
                    }
                    Err(other) => panic!("{step:?} with {role:?}: {other:?}"),
                }
            }
        }
    }

    #[test]
    fn nobody_approves_an_own_draft_or_withdraws_that_of_another() {
        for id in ["sender", "writer"] {
            let own = caller(id, &[Role::Review, Role::Approve]);
            for (state, step) in
                [(State::InReview, Step::Agree), (State::InApproval, Step::Approve)]
            {
                let after = position(state).after(step, &own, true);
                assert!(matches!(after, Err(DraftError::OwnDraft)), "{id} {step:?}");
            }
            assert!(position(State::InReview).after(Step::Return, &own, true).is_ok());
        }
        for (id, may) in [("sender", true), ("author", true), ("writer", false), ("other", false)] {
            let after =
                position(State::Approved).after(Step::Withdraw, &caller(id, &[Role::Submit]), true);
            assert_eq!(after.is_ok(), may, "{id}");
        }
    }

    #[test]
    fn without_approval_a_draft_is_filed_at_once_and_can_only_be_withdrawn() {
        let admin = caller("boss", &[Role::Admin]);
        for state in State::ALL {
            for step in Step::ALL {
                let is_off = matches!(
                    position(state).after(step, &admin, false),
                    Err(DraftError::ApprovalOff)
                );
                assert_eq!(is_off, step != Step::Withdraw);
            }
            assert_eq!(position(state).may_be_filed(false), state != State::Filed);
            assert_eq!(position(state).may_be_filed(true), state == State::Approved);
        }
    }
}
