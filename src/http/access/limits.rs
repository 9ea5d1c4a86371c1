//! Limits how many requests each caller may send per minute and at the same time.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::http::access::error::AccessError;
use crate::http::access::origin::network;

/// Requests per minute from one network without valid credentials. Keys cannot be guessed; this
/// bounds the work of rejecting such requests.
const UNAUTHENTICATED_PER_MINUTE: NonZeroU32 = NonZeroU32::new(600).unwrap();

/// Sign-ins per minute from one network. A whole office may share one address.
const SIGN_INS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(300).unwrap();

/// How many keys one rate limiter tracks. Further keys share one quota.
const MAX_TRACKED: usize = 10_000;

/// The limits of one caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallerLimits {
    /// Requests per minute, also as a burst; `None` is unlimited.
    pub per_minute: Option<NonZeroU32>,
    /// Concurrent requests; `None` is unlimited.
    pub concurrent: Option<NonZeroUsize>,
}

/// Applies the limits to all callers.
#[derive(Debug)]
pub struct CallerLimiter {
    requests: Option<RateLimiter<String>>,
    unauthenticated: RateLimiter<IpAddr>,
    sign_ins: RateLimiter<IpAddr>,
    concurrent: Option<NonZeroUsize>,
    // The number of running requests by caller; callers without any are removed.
    running: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// A running request of a caller, counted until this is dropped.
#[derive(Debug)]
pub struct ConcurrencyPermit {
    caller: String,
    running: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// A rate limiter (GCRA) with one quota per key.
#[derive(Debug)]
struct RateLimiter<K: Clone + Eq + Hash> {
    // `None` is the quota that further keys share.
    quotas: DefaultKeyedRateLimiter<Option<K>>,
    clock: DefaultClock,
}

impl CallerLimiter {
    /// Creates a limiter with the same limits for each caller.
    pub fn new(limits: CallerLimits) -> Self {
        Self {
            requests: limits.per_minute.map(RateLimiter::new),
            unauthenticated: RateLimiter::new(UNAUTHENTICATED_PER_MINUTE),
            sign_ins: RateLimiter::new(SIGN_INS_PER_MINUTE),
            concurrent: limits.concurrent,
            running: Arc::default(),
        }
    }

    /// Counts a request of a caller.
    ///
    /// # Errors
    /// Returns `AccessError::RateLimited` or `AccessError::TooManyConcurrent` if the caller exceeds
    /// a limit.
    pub fn acquire(&self, caller: &str) -> Result<ConcurrencyPermit, AccessError> {
        if let Some(requests) = &self.requests {
            requests.check(caller.to_owned())?;
        }
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(caller.to_owned()).or_default();
        if self.concurrent.is_some_and(|limit| *count >= limit.get()) {
            return Err(AccessError::TooManyConcurrent);
        }
        *count += 1;
        Ok(ConcurrencyPermit { caller: caller.to_owned(), running: Arc::clone(&self.running) })
    }

    /// Counts a request without valid credentials.
    ///
    /// # Errors
    /// Returns `AccessError::RateLimited` if the network of `peer` sends too many.
    pub fn count_unauthenticated(&self, peer: Option<IpAddr>) -> Result<(), AccessError> {
        self.unauthenticated.check_network(peer)
    }

    /// Counts a request to a sign-in route.
    ///
    /// # Errors
    /// Returns `AccessError::RateLimited` if the network of `peer` sends too many.
    pub fn count_sign_in(&self, peer: Option<IpAddr>) -> Result<(), AccessError> {
        self.sign_ins.check_network(peer)
    }
}

impl Drop for ConcurrencyPermit {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.caller);
            }
        }
    }
}

impl<K: Clone + Eq + Hash> RateLimiter<K> {
    fn new(per_minute: NonZeroU32) -> Self {
        Self {
            quotas: DefaultKeyedRateLimiter::keyed(Quota::per_minute(per_minute)),
            clock: DefaultClock::default(),
        }
    }

    fn check(&self, key: K) -> Result<(), AccessError> {
        if self.quotas.len() >= MAX_TRACKED {
            // Drops the keys whose quota is full again.
            self.quotas.retain_recent();
        }
        let key = (self.quotas.len() < MAX_TRACKED).then_some(key);
        self.quotas.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now()).as_millis();
            AccessError::RateLimited(u16::try_from(wait.div_ceil(1000).max(1)).unwrap_or(u16::MAX))
        })
    }
}

impl RateLimiter<IpAddr> {
    fn check_network(&self, peer: Option<IpAddr>) -> Result<(), AccessError> {
        peer.map_or(Ok(()), |peer| self.check(network(peer)))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::num::{NonZeroU32, NonZeroUsize};

    use super::{CallerLimiter, CallerLimits, MAX_TRACKED, RateLimiter};
    use crate::http::access::error::AccessError;

    #[test]
    fn concurrent_requests_of_a_caller_are_limited() {
        let limits = CallerLimits { per_minute: None, concurrent: NonZeroUsize::new(2) };
        let limiter = CallerLimiter::new(limits);
        let first = limiter.acquire("a").unwrap();
        let _second = limiter.acquire("a").unwrap();
        assert_eq!(limiter.acquire("a").unwrap_err(), AccessError::TooManyConcurrent);
        let other = limiter.acquire("b").unwrap();
        drop(first);
        assert!(limiter.acquire("a").is_ok());
        drop(other);
        let n_callers = limiter.running.lock().unwrap().len();
        assert_eq!(n_callers, 1, "a caller without running requests is removed");
    }

    #[test]
    fn requests_of_a_caller_per_minute_are_limited() {
        let limits = CallerLimits { per_minute: NonZeroU32::new(2), concurrent: None };
        let limiter = CallerLimiter::new(limits);
        assert!(limiter.acquire("a").is_ok());
        assert!(limiter.acquire("a").is_ok());
        let Err(AccessError::RateLimited(seconds)) = limiter.acquire("a").map(drop) else {
            panic!("the third request within a minute should be rejected")
        };
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert!(limiter.acquire("b").is_ok());
    }

    #[test]
    fn keys_beyond_the_maximum_share_one_quota() {
        let limiter = RateLimiter::new(NonZeroU32::MIN);
        for address in 0..u32::try_from(MAX_TRACKED).unwrap() - 1 {
            assert_eq!(limiter.check(IpAddr::from(Ipv4Addr::from_bits(address))), Ok(()));
        }
        let further = || (0..100).map(|n| limiter.check(IpAddr::from(Ipv4Addr::from_bits(!n))));
        let n_accepted = further().filter(Result::is_ok).count();
        assert!(n_accepted <= 2, "one with its own quota and one with the shared one");
        assert!(limiter.quotas.len() <= MAX_TRACKED + 1);
    }
}
