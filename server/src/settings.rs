//! Settings: environment variables, or the same names in lower case without `MYSAFE_` in the TOML
//! file that `MYSAFE_CONFIG` names. The environment wins. `docs/server.md` lists them.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

/// Everything an operator can set. No `Debug`: the database's URL may hold a password.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Folder for the database and the key file.
    pub data: PathBuf,
    /// `postgres://...`; SQLite in the data folder if there is none.
    pub database_url: Option<String>,
    /// What people's browsers reach the server by, without a slash at the end.
    pub base_url: String,
    /// Whether people may sign up without an invitation.
    pub open_signups: bool,
    /// Log lines as JSON objects.
    pub json_log: bool,
}

/// Settings that do not make sense, with the name of the one that does not.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("MYSAFE_CONFIG: cannot read {path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is not TOML, or has a name that is not a setting.
    #[error("MYSAFE_CONFIG: {0}")]
    Form(String),
    /// A value is not one of those allowed.
    #[error("{name}: {expected}")]
    Value {
        /// The environment variable, also for values from the file.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    data: Option<String>,
    database_url: Option<String>,
    base_url: Option<String>,
    signups: Option<String>,
    log_format: Option<String>,
}

impl Settings {
    /// From this process's environment.
    pub fn load() -> Result<Self, SettingsError> {
        Self::of(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// From any environment.
    pub fn of(env: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let file = match env("MYSAFE_CONFIG") {
            None => File::default(),
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|cause| SettingsError::File { path, cause })?;
                // The message alone: the error's own text would quote the line, password and all.
                toml::from_str(&text)
                    .map_err(|error| SettingsError::Form(error.message().to_owned()))?
            }
        };
        let wrong = |name, expected| SettingsError::Value { name, expected };

        let listen = env("MYSAFE_LISTEN").or(file.listen).unwrap_or("127.0.0.1:8787".to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| {
            wrong("MYSAFE_LISTEN", "an IP address and a port, such as 127.0.0.1:8787")
        })?;
        let base_url = env("MYSAFE_BASE_URL").or(file.base_url);
        let base_url = base_url.unwrap_or_else(|| format!("http://{listen}"));
        if !base_url.starts_with("https://") && !base_url.starts_with("http://") {
            return Err(wrong("MYSAFE_BASE_URL", "starts with https:// or http://"));
        }
        let signups = env("MYSAFE_SIGNUPS").or(file.signups);
        let open_signups = match signups.as_deref() {
            None | Some("invite") => false,
            Some("open") => true,
            _ => return Err(wrong("MYSAFE_SIGNUPS", "invite or open")),
        };
        let log_format = env("MYSAFE_LOG_FORMAT").or(file.log_format);
        let json_log = match log_format.as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            _ => return Err(wrong("MYSAFE_LOG_FORMAT", "text or json")),
        };
        let database_url = env("MYSAFE_DATABASE_URL").or(file.database_url);
        if database_url.as_deref().is_some_and(|url| !is_postgres(url)) {
            return Err(wrong("MYSAFE_DATABASE_URL", "starts with postgres://"));
        }
        Ok(Self {
            listen,
            data: env("MYSAFE_DATA").or(file.data).unwrap_or("mysafe-data".to_owned()).into(),
            database_url,
            base_url: base_url.trim_end_matches('/').to_owned(),
            open_signups,
            json_log,
        })
    }

    /// Whether only this machine reaches the server: it listens on a loopback address and people
    /// do not come by another name, as they do through a reverse proxy.
    pub fn is_local(&self) -> bool {
        let host = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.listen.ip().is_loopback() && loopback
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::of(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn refused(pairs: &[(&str, &str)]) -> String {
        settings(pairs).err().expect("refused").to_string()
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let settings = settings(&[]).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8787");
        assert_eq!(settings.base_url, "http://127.0.0.1:8787");
        assert_eq!(settings.data, PathBuf::from("mysafe-data"));
        assert!(!settings.open_signups && !settings.json_log && settings.is_local());
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mysafe.toml");
        let path = path.to_str().unwrap();
        std::fs::write(path, "listen = \"0.0.0.0:1\"\nsignups = \"open\"\n").unwrap();
        let settings = settings(&[("MYSAFE_CONFIG", path), ("MYSAFE_LISTEN", "[::1]:2")]).unwrap();
        assert_eq!(settings.listen.to_string(), "[::1]:2");
        assert!(settings.open_signups && settings.is_local());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        assert!(refused(&[("MYSAFE_LISTEN", "8787")]).starts_with("MYSAFE_LISTEN: "));
        assert!(refused(&[("MYSAFE_SIGNUPS", "closed")]).starts_with("MYSAFE_SIGNUPS: "));
        assert!(refused(&[("MYSAFE_BASE_URL", "x")]).starts_with("MYSAFE_BASE_URL: "));
        assert!(refused(&[("MYSAFE_LOG_FORMAT", "x")]).starts_with("MYSAFE_LOG_FORMAT: "));
        assert!(refused(&[("MYSAFE_DATABASE_URL", "x")]).starts_with("MYSAFE_DATABASE_URL: "));
        assert!(refused(&[("MYSAFE_CONFIG", "/nowhere")]).starts_with("MYSAFE_CONFIG: "));
    }

    #[test]
    fn an_unknown_name_in_the_file_is_refused_without_its_value() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mysafe.toml");
        let path = path.to_str().unwrap();
        std::fs::write(path, "databaseurl = \"postgres://a:planted@b\"\n").unwrap();
        let why = refused(&[("MYSAFE_CONFIG", path)]);
        assert!(why.contains("databaseurl") && !why.contains("planted"), "{why}");
    }

    #[test]
    fn whoever_comes_through_a_proxy_is_not_local() {
        let local = |listen, base| {
            settings(&[("MYSAFE_LISTEN", listen), ("MYSAFE_BASE_URL", base)]).unwrap().is_local()
        };
        assert!(local("127.0.0.1:1", "http://localhost:1"));
        assert!(local("[::1]:1", "http://[::1]:1/"));
        assert!(!local("127.0.0.1:1", "https://safe.example.com"));
        assert!(!local("127.0.0.1:1", "https://localhost.example.com"));
        assert!(!local("0.0.0.0:1", "http://localhost:1"));
    }
}
