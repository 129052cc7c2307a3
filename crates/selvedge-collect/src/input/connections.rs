//! How many connections a listener bears, in all and from one address, and how fast one sender may be.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses whose rate is remembered; the table is cleared when it is full, so that it cannot grow.
const SENDERS_MAX: usize = 65_536;

/// Counts open connections.
#[derive(Debug, Clone)]
pub(crate) struct Connections {
    all_max: usize,
    per_address_max: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// An open connection; counted until dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    address: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Connections {
    pub(crate) fn new(all_max: usize, per_address_max: usize) -> Self {
        Self { all_max, per_address_max, open: Arc::default() }
    }

    /// Admits a connection, or not.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Connection> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let count = open.get(&address).copied().unwrap_or(0);
        if all >= self.all_max || count >= self.per_address_max {
            return None;
        }
        open.insert(address, count + 1);
        Some(Connection { address, open: Arc::clone(&self.open) })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                open.remove(&self.address);
            }
        }
    }
}

/// A bucket of records per sender that refills with time.
#[derive(Debug)]
pub(crate) struct Rates {
    per_second: f64,
    senders: Mutex<HashMap<IpAddr, (f64, Instant)>>,
}

impl Rates {
    /// None sets no limit.
    pub(crate) fn new(per_second: Option<u32>) -> Option<Self> {
        per_second.map(|rate| Self { per_second: f64::from(rate), senders: Mutex::default() })
    }

    /// Takes `count` records from the sender's bucket; returns how long the sender is over its rate. A bucket
    /// holds what comes in one second.
    pub(crate) fn take(&self, address: IpAddr, count: usize, now: Instant) -> Duration {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if senders.len() >= SENDERS_MAX && !senders.contains_key(&address) {
            senders.clear();
        }
        let (left, last) = senders.entry(address).or_insert((self.per_second, now));
        let refill = now.saturating_duration_since(*last).as_secs_f64() * self.per_second;
        *left = (*left + refill).min(self.per_second) - count as f64;
        *last = now;
        if *left >= 0.0 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64((-*left / self.per_second).min(60.0))
        }
    }

    /// Takes one record if the bucket has it.
    pub(crate) fn admits(&self, address: IpAddr, now: Instant) -> bool {
        let over = self.take(address, 1, now);
        if over.is_zero() {
            return true;
        }
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((left, _)) = senders.get_mut(&address) {
            // What is refused costs nothing, or a flood would never be let in again.
            *left += 1.0;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

    #[test]
    fn one_address_cannot_take_all_connections() {
        let connections = Connections::new(3, 2);
        let first = connections.admit(A).unwrap();
        let _second = connections.admit(A).unwrap();
        assert!(connections.admit(A).is_none());
        let _third = connections.admit(B).unwrap();
        assert!(connections.admit(B).is_none());
        drop(first);
        assert!(connections.admit(B).is_some());
    }

    #[test]
    fn a_rate_holds_and_recovers() {
        let rates = Rates::new(Some(10)).unwrap();
        let start = Instant::now();
        assert_eq!((0..30).filter(|_| rates.admits(A, start)).count(), 10);
        assert!(rates.admits(B, start));
        assert!(rates.admits(A, start + Duration::from_secs(1)));
        assert!(rates.take(B, 30, start) > Duration::from_secs(1));
    }
}
