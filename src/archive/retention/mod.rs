//! Retention (保管期限), holds, and the disposal (销毁) of filings whose time is over.

pub mod class;
pub mod error;
pub mod schedule;
pub mod holds;
pub mod object_locks;
pub mod disposal;
pub mod proposal;
pub mod execution;
