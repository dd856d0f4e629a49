//! Options of the server's parts, derived from the settings.

use std::time::Duration;

use anyhow::{Result, bail};

use super::{Settings, Switch, Synchronous};
use crate::{app::Policies, database, document::Limits, rest::BodyLimits, transport::form};

impl Settings {
    /// Returns the limits on GraphQL documents.
    pub fn limits(&self) -> Limits {
        Limits {
            bytes: self.query_bytes,
            tokens: self.query_tokens,
            depth: self.query_depth,
            complexity: self.query_complexity,
            introspection: self.query_introspection,
            aliases: self.query_aliases,
            directives: self.query_directives,
            ..Limits::default()
        }
    }

    /// Returns the options of the database.
    pub fn database(&self) -> database::Options {
        database::Options {
            url: self.database_url.clone(),
            connections: self.database_connections,
            acquire_timeout: Duration::from_secs(self.database_acquire_timeout),
            connect_timeout: Duration::from_secs(self.database_connect_timeout),
            lock_timeout: Duration::from_secs(self.database_lock_timeout),
            statement_timeout: Duration::from_secs(self.database_statement_timeout),
            waits_for_disk: self.sqlite_synchronous == Synchronous::Full,
        }
    }

    /// Returns the limits on forms with files.
    pub fn form(&self) -> form::Limits {
        form::Limits { files: self.max_files, file_bytes: self.max_file_bytes }
    }

    /// Returns the operator's policies.
    pub fn rules(&self) -> Policies {
        let limits_attempts = self.rate_limits == Switch::On;
        Policies {
            limits_attempts,
            allows_free_top_up: self.topup == Switch::On,
            posts_per_minute: if limits_attempts { self.posts_per_minute } else { 0 },
            write_bytes_per_minute: if limits_attempts { self.write_bytes_per_minute } else { 0 },
            rights_validity: Duration::from_secs(self.rights_validity),
        }
    }

    /// Returns the limits on request bodies.
    pub fn bodies(&self) -> BodyLimits {
        BodyLimits {
            form: self.max_body_bytes,
            json: self.max_json_bytes.min(self.max_body_bytes),
            long_json: self.max_long_json_bytes.max(self.max_json_bytes).min(self.max_body_bytes),
            progress: Duration::from_secs(self.body_timeout),
            // Less than `request_timeout`, so that a slow sender receives the reason.
            total: Duration::from_secs(self.request_timeout).mul_f64(0.9),
            memory: self.body_memory_bytes,
        }
    }

    /// Returns the number of trusted proxies.
    pub fn proxies(&self) -> usize {
        if self.trust_proxy == Switch::On { self.trusted_proxies.max(1) } else { self.trusted_proxies }
    }

    /// Returns the URL that browsers use, without a trailing slash.
    pub fn url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Returns whether browsers use https, so that cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https:")
    }

    /// Returns the offset of the clock.
    ///
    /// # Errors
    /// Returns an error unless it is a number and one of `d`, `h`, `m`, `s`.
    pub fn shift(&self) -> Result<Duration> {
        let text = self.time_shift.trim();
        let seconds = text.char_indices().last().and_then(|(at, unit)| {
            let unit = match unit {
                'd' => 86_400,
                'h' => 3_600,
                'm' => 60,
                's' => 1,
                _ => return None,
            };
            text[..at].parse::<u64>().ok()?.checked_mul(unit)
        });
        match seconds {
            // At most a hundred years: later timestamps do not fit everywhere.
            Some(seconds) if seconds <= 3_153_600_000 => Ok(Duration::from_secs(seconds)),
            _ => bail!("time_shift must be a number and d, h, m or s, such as 31d"),
        }
    }
}
