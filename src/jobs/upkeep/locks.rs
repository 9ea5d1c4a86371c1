//! Mirrors the retention of filings as locks in the bucket, once a day, and tries again what the bucket
//! refused.

use std::time::Duration;

use tokio::time::sleep;

use crate::archive::error::ArchiveError;
use crate::archive::objects::lock::LockMode;
use crate::archive::retention::object_locks::ComparedLocks;
use crate::jobs::Jobs;

/// How often all locks are compared with the records.
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait after a failure, and twice as long after each further one, up to `INTERVAL`.
const RETRY_DELAY: Duration = Duration::from_secs(10 * 60);

/// Mirrors locks until the process shuts down.
pub(crate) async fn mirror(jobs: Jobs, mode: LockMode) {
    let mut plan = Plan::new();
    loop {
        let comparison = async {
            match &plan.next {
                Compared::All => jobs.archive.mirror_locks(mode).await,
                Compared::These(names) => jobs.archive.mirror_locks_of(mode, names).await,
            }
        };
        let compared = tokio::select! {
            compared = comparison => compared,
            () = jobs.stopping.cancelled() => return,
        };
        let compared = match compared {
            Ok(None) => {
                tracing::error!("the objects are in a folder, which has no locks");
                return;
            }
            Ok(Some(compared)) => Ok(compared),
            Err(error) => Err(error),
        };
        report(&compared);
        let delay = plan.advance(compared.ok());
        tokio::select! {
            () = sleep(delay) => {}
            () = jobs.stopping.cancelled() => return,
        }
    }
}

fn report(compared: &Result<ComparedLocks, ArchiveError>) {
    match compared {
        Ok(ComparedLocks { done, .. }) if done.refused > 0 => {
            tracing::warn!(?done, "the bucket refused requests about locks");
        }
        Ok(ComparedLocks { done, .. }) => {
            tracing::info!(?done, "the locks of the bucket follow the retention");
        }
        Err(error) => {
            tracing::warn!(?error, "objects could not be locked and will be locked later");
        }
    }
}

/// Which objects a comparison is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Compared {
    All,
    These(Vec<String>),
}

/// What is compared next, and when.
#[derive(Debug)]
struct Plan {
    next: Compared,
    /// How long until all objects are compared again.
    until_all: Duration,
    retry_delay: Duration,
}

impl Plan {
    fn new() -> Self {
        Self { next: Compared::All, until_all: INTERVAL, retry_delay: RETRY_DELAY }
    }

    /// Plans the comparison after this one, which failed if there is no result. Returns how long to wait
    /// for it.
    fn advance(&mut self, compared: Option<ComparedLocks>) -> Duration {
        if let Some(compared) = compared.filter(ComparedLocks::names_all_refused) {
            if self.next == Compared::All {
                (self.until_all, self.retry_delay) = (INTERVAL, RETRY_DELAY);
            }
            if compared.refused.is_empty() {
                return self.wait_for_all();
            }
            self.next = Compared::These(compared.refused);
        }
        // Otherwise the bucket was unreachable, or refused so much that the cause is not in the objects.
        let delay = self.retry_delay;
        if self.next != Compared::All {
            if delay >= self.until_all {
                return self.wait_for_all();
            }
            self.until_all -= delay;
        }
        self.retry_delay = (2 * delay).min(INTERVAL);
        delay
    }

    fn wait_for_all(&mut self) -> Duration {
        (self.next, self.retry_delay) = (Compared::All, RETRY_DELAY);
        self.until_all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::retention::object_locks::MirroredLocks;

    const MINUTE: Duration = Duration::from_secs(60);

    fn refusing(names: &[&str]) -> ComparedLocks {
        let refused: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let done = MirroredLocks { refused: refused.len() as u64, ..MirroredLocks::default() };
        ComparedLocks { done, refused }
    }

    fn these(names: &[&str]) -> Compared {
        Compared::These(names.iter().map(|&name| name.to_owned()).collect())
    }

    /// What a bucket that always refuses one object is asked in three days, and when.
    #[test]
    fn an_object_that_is_always_refused_does_not_repeat_the_comparison_of_all() {
        let mut plan = Plan::new();
        let (mut at, mut all, mut tries) = (Duration::ZERO, Vec::new(), Vec::new());
        while at < 3 * INTERVAL {
            match &plan.next {
                Compared::All => all.push(at),
                one @ Compared::These(_) => {
                    assert_eq!(*one, these(&["a"]));
                    tries.push(at);
                }
            }
            at += plan.advance(Some(refusing(&["a"])));
        }
        assert_eq!(all, [Duration::ZERO, INTERVAL, 2 * INTERVAL]);
        let of_a_day = [10, 30, 70, 150, 310, 630, 1270].map(|minutes| minutes * MINUTE);
        assert_eq!(tries[..7], of_a_day);
        assert_eq!(tries.len(), 3 * 7);
    }

    #[test]
    fn only_what_is_still_refused_is_tried_again() {
        let mut plan = Plan::new();
        assert_eq!(plan.advance(Some(refusing(&["a", "b"]))), RETRY_DELAY);
        assert_eq!(plan.next, these(&["a", "b"]));
        assert_eq!(plan.advance(Some(refusing(&["b"]))), 2 * RETRY_DELAY);
        assert_eq!(plan.next, these(&["b"]));
        // The bucket is unreachable.
        assert_eq!(plan.advance(None), 4 * RETRY_DELAY);
        assert_eq!(plan.next, these(&["b"]));
        assert_eq!(plan.advance(Some(refusing(&[]))), INTERVAL - 7 * RETRY_DELAY);
        assert_eq!(plan.next, Compared::All);
        assert_eq!(plan.advance(Some(refusing(&[]))), INTERVAL);
        assert_eq!(plan.advance(Some(refusing(&["c"]))), RETRY_DELAY);
    }

    #[test]
    fn a_comparison_of_all_that_fails_or_is_refused_throughout_is_repeated() {
        let many = MirroredLocks { refused: 1_000_000, ..MirroredLocks::default() };
        for failure in [None, Some(ComparedLocks { done: many, refused: vec!["a".to_owned()] })] {
            let mut plan = Plan::new();
            assert_eq!(plan.advance(failure.clone()), RETRY_DELAY);
            assert_eq!(plan.next, Compared::All);
            assert_eq!(plan.advance(failure.clone()), 2 * RETRY_DELAY);
            for _ in 0..9 {
                plan.advance(failure.clone());
            }
            assert_eq!(plan.advance(failure), INTERVAL);
            assert_eq!(plan.advance(Some(refusing(&[]))), INTERVAL);
            assert_eq!(plan.retry_delay, RETRY_DELAY);
        }
    }
}
