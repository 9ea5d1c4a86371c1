//! The quotas of what may be stored, and what is stored.

/// The most that may be stored. `None` is unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// The number of filings.
    pub filings: Option<i64>,
    /// The bytes of sources, PDFs, signed copies and verdicts.
    pub bytes: Option<i64>,
}

/// The quotas of every agency and of every caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quotas {
    /// For the filings of one lead agency.
    pub agency: Quota,
    /// For the filings that one key or person posts.
    pub caller: Quota,
}

/// What is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// The number of filings.
    pub filings: i64,
    /// The bytes of sources, PDFs, signed copies and verdicts.
    pub bytes: i64,
}

/// The quota that is used up. Displayed as a Chinese sentence for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuotaUsed {
    /// The filings of the agency.
    #[error("本机关保存的公文已达管理员设定的件数，请联系管理员。")]
    AgencyFilings,
    /// The bytes of the agency.
    #[error("本机关保存的文件已达管理员设定的容量，请联系管理员。")]
    AgencyBytes,
    /// The filings of the caller.
    #[error("本密钥保存的公文已达管理员设定的件数，请联系管理员。")]
    CallerFilings,
    /// The bytes of the caller.
    #[error("本密钥保存的文件已达管理员设定的容量，请联系管理员。")]
    CallerBytes,
}

/// Whose usage is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner<'a> {
    /// A lead agency.
    Agency(&'a str),
    /// The id of a caller.
    Caller(&'a str),
}

/// The caller and the lead agency of something to be stored, whose usage grows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owners<'a> {
    /// 主办机关.
    pub(crate) agency: &'a str,
    /// The id of the caller.
    pub(crate) caller: &'a str,
}

impl<'a> Owner<'a> {
    /// The key of the row in `quota_usage`: agency and caller.
    pub(crate) fn columns(self) -> (&'a str, &'a str) {
        match self {
            Self::Agency(agency) => (agency, ""),
            Self::Caller(caller) => ("", caller),
        }
    }
}

impl<'a> Owners<'a> {
    /// Both, always in the same order.
    pub(crate) fn each(self) -> [Owner<'a>; 2] {
        [Owner::Agency(self.agency), Owner::Caller(self.caller)]
    }
}

impl Quotas {
    /// The quota of an owner.
    pub(crate) fn of(&self, owner: Owner<'_>) -> Quota {
        match owner {
            Owner::Agency(_) => self.agency,
            Owner::Caller(_) => self.caller,
        }
    }

    /// Checks an owner's usage against its quota.
    ///
    /// # Errors
    /// Returns the quota that is exceeded.
    pub(crate) fn check(&self, owner: Owner<'_>, usage: Usage) -> Result<(), QuotaUsed> {
        let quota = self.of(owner);
        let (filings, bytes) = match owner {
            Owner::Agency(_) => (QuotaUsed::AgencyFilings, QuotaUsed::AgencyBytes),
            Owner::Caller(_) => (QuotaUsed::CallerFilings, QuotaUsed::CallerBytes),
        };
        if quota.filings.is_some_and(|most| usage.filings > most) {
            return Err(filings);
        }
        if quota.bytes.is_some_and(|most| usage.bytes > most) {
            return Err(bytes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Owner, Quota, QuotaUsed, Quotas, Usage};

    #[test]
    fn a_quota_may_be_used_up_and_not_exceeded() {
        let quota = Quota { filings: Some(2), bytes: Some(100) };
        let quotas = Quotas { agency: quota, caller: Quota::default() };
        let cases = [
            ((2, 100), Ok(())),
            ((3, 0), Err(QuotaUsed::AgencyFilings)),
            ((0, 101), Err(QuotaUsed::AgencyBytes)),
        ];
        for ((filings, bytes), expected) in cases {
            let usage = Usage { filings, bytes };
            assert_eq!(quotas.check(Owner::Agency("甲"), usage), expected, "{filings} {bytes}");
            assert_eq!(quotas.check(Owner::Caller("甲"), usage), Ok(()), "no quota");
        }
    }
}
