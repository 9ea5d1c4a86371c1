//! The settings of the log.

use std::time::Duration;

use crate::archive::log::steps::keeper::LogKeeper;
use crate::log::note::policy::Witness;

/// The settings of the log.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Continues the log.
    pub keeper: LogKeeper,
    /// The shortest time between two checkpoints.
    pub interval: Duration,
    /// The witnesses that are asked to cosign, each with its address.
    pub witnesses: Vec<Witness>,
    /// The addresses of the time stamp authorities (RFC 3161).
    pub authorities: Vec<String>,
}
