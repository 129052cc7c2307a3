//! Why the server could not start or go on.

use std::net::SocketAddr;

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The runtime's threads could not be started.
    #[error("cannot start the server's threads")]
    Runtime(#[source] std::io::Error),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The listener failed.
    #[error("the server failed")]
    Serve(#[source] std::io::Error),
}
