//! How much of the server each caller may have: requests in a time, and requests at once.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::http::access::origin::network;
use crate::http::access::refusal::Refusal;

/// Requests a minute from one address that come with no good credentials. Nobody guesses a key;
/// this bounds the work of telling them so.
const STRANGERS: NonZeroU32 = NonZeroU32::new(600).unwrap();

/// Sign-ins a minute from one address: an office behind one address begins its day at once.
const SIGN_INS: NonZeroU32 = NonZeroU32::new(300).unwrap();

/// Allowances kept at once. Beyond them, newcomers share one.
const MOST: usize = 10_000;

/// The bounds of one caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Requests a minute, which may also come all at once; `None` is any number.
    pub a_minute: Option<NonZeroU32>,
    /// Requests at once; `None` is any number.
    pub at_once: Option<NonZeroUsize>,
}

/// What each caller has left of their share.
#[derive(Debug)]
pub struct Shares {
    requests: Option<Allowances<String>>,
    strangers: Allowances<IpAddr>,
    sign_ins: Allowances<IpAddr>,
    at_once: Option<NonZeroUsize>,
    // Callers with requests under way, and how many.
    running: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// A request under way; it counts until this is dropped.
#[derive(Debug)]
pub struct Place {
    caller: String,
    running: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// Allowances that fill up with time (GCRA), one for each name.
#[derive(Debug)]
struct Allowances<K: Clone + Eq + Hash> {
    limiter: DefaultKeyedRateLimiter<Option<K>>,
    clock: DefaultClock,
}

impl Shares {
    /// The same share for each caller.
    pub fn new(share: Share) -> Self {
        Self {
            requests: share.a_minute.map(Allowances::new),
            strangers: Allowances::new(STRANGERS),
            sign_ins: Allowances::new(SIGN_INS),
            at_once: share.at_once,
            running: Arc::default(),
        }
    }

    /// Counts a request of a caller.
    ///
    /// # Errors
    /// A caller who has used up their share.
    pub fn enter(&self, caller: &str) -> Result<Place, Refusal> {
        if let Some(requests) = &self.requests {
            requests.take(caller.to_owned())?;
        }
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(caller.to_owned()).or_default();
        if self.at_once.is_some_and(|most| *count >= most.get()) {
            return Err(Refusal::TooMany);
        }
        *count += 1;
        Ok(Place { caller: caller.to_owned(), running: Arc::clone(&self.running) })
    }

    /// Counts a request without good credentials.
    ///
    /// # Errors
    /// An address that sends too many.
    pub fn turn_away(&self, peer: Option<IpAddr>) -> Result<(), Refusal> {
        self.strangers.take_of(peer)
    }

    /// Counts a step of signing in.
    ///
    /// # Errors
    /// An address that takes too many.
    pub fn sign_in(&self, peer: Option<IpAddr>) -> Result<(), Refusal> {
        self.sign_ins.take_of(peer)
    }
}

impl Drop for Place {
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

impl<K: Clone + Eq + Hash> Allowances<K> {
    fn new(a_minute: NonZeroU32) -> Self {
        Self {
            limiter: DefaultKeyedRateLimiter::keyed(Quota::per_minute(a_minute)),
            clock: DefaultClock::default(),
        }
    }

    fn take(&self, name: K) -> Result<(), Refusal> {
        if self.limiter.len() >= MOST {
            // A full allowance need not be remembered.
            self.limiter.retain_recent();
        }
        let name = (self.limiter.len() < MOST).then_some(name);
        self.limiter.check_key(&name).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now()).as_millis();
            Refusal::TooOften(u16::try_from(wait.div_ceil(1000).max(1)).unwrap_or(u16::MAX))
        })
    }
}

impl Allowances<IpAddr> {
    fn take_of(&self, peer: Option<IpAddr>) -> Result<(), Refusal> {
        peer.map_or(Ok(()), |peer| self.take(network(peer)))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::num::{NonZeroU32, NonZeroUsize};

    use super::{Allowances, MOST, Share, Shares};
    use crate::http::access::refusal::Refusal;

    #[test]
    fn a_caller_has_so_many_requests_at_once_and_no_more() {
        let shares = Shares::new(Share { a_minute: None, at_once: NonZeroUsize::new(2) });
        let first = shares.enter("a").unwrap();
        let _second = shares.enter("a").unwrap();
        assert_eq!(shares.enter("a").unwrap_err(), Refusal::TooMany);
        let other = shares.enter("b").unwrap();
        drop(first);
        assert!(shares.enter("a").is_ok());
        drop(other);
        assert_eq!(
            shares.running.lock().unwrap().len(),
            1,
            "who has nothing under way is forgotten"
        );
    }

    #[test]
    fn a_caller_has_so_many_requests_a_minute_and_no_more() {
        let shares = Shares::new(Share { a_minute: NonZeroU32::new(2), at_once: None });
        assert!(shares.enter("a").is_ok());
        assert!(shares.enter("a").is_ok());
        let Err(Refusal::TooOften(seconds)) = shares.enter("a").map(drop) else { panic!() };
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert!(shares.enter("b").is_ok());
    }

    #[test]
    fn newcomers_beyond_the_bound_share_one_allowance() {
        let allowances = Allowances::new(NonZeroU32::MIN);
        for address in 0..u32::try_from(MOST).unwrap() - 1 {
            assert_eq!(allowances.take(IpAddr::from(Ipv4Addr::from_bits(address))), Ok(()));
        }
        let crowd = || (0..100).map(|n| allowances.take(IpAddr::from(Ipv4Addr::from_bits(!n))));
        assert!(crowd().filter(Result::is_ok).count() <= 2, "one of their own and the shared one");
        assert!(allowances.limiter.len() <= MOST + 1);
    }
}
