//! What a finding is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Location;

/// The thing that a rule met. Every kind that can be pointed at in a file carries its [`Location`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Subject {
    /// A span of a file.
    Source {
        /// The span.
        location: Location,
    },
    /// A package, as a lockfile or an image names it.
    Package {
        /// Package URL (purl) with version.
        purl: String,
        /// Where it is declared or locked.
        location: Location,
    },
    /// A declared infrastructure resource.
    Resource {
        /// Address within its kind of configuration, `aws_s3_bucket.logs`.
        address: String,
        /// Where it is declared.
        location: Location,
    },
    /// A host that was examined.
    Host {
        /// Host name or address.
        host: String,
        /// What was examined: a file, a service, a kernel parameter.
        item: String,
    },
    /// A network endpoint that was probed.
    Endpoint {
        /// The URL or `host:port`.
        url: String,
    },
    /// An entry of a threat model.
    Threat {
        /// Its identifier in the model.
        id: String,
        /// Where the model states it.
        location: Location,
    },
    /// A group of log events.
    Event {
        /// Where the events come from.
        source: String,
        /// The values of the fields by which the events were grouped, in rule order.
        group: Vec<String>,
    },
}

impl Subject {
    /// Where in the files the subject is; `None` for hosts, endpoints and events.
    pub fn location(&self) -> Option<&Location> {
        match self {
            Self::Source { location }
            | Self::Package { location, .. }
            | Self::Resource { location, .. }
            | Self::Threat { location, .. } => Some(location),
            Self::Host { .. } | Self::Endpoint { .. } | Self::Event { .. } => None,
        }
    }

    /// As [`Subject::location`], for attribution after the fact.
    pub fn location_mut(&mut self) -> Option<&mut Location> {
        match self {
            Self::Source { location }
            | Self::Package { location, .. }
            | Self::Resource { location, .. }
            | Self::Threat { location, .. } => Some(location),
            Self::Host { .. } | Self::Endpoint { .. } | Self::Event { .. } => None,
        }
    }
}
