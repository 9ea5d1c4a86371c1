//! The heaviest texts that are accepted are set in bounded time.
