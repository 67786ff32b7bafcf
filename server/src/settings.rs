//! Settings: environment variables, or the same names in lower case without `MYSAFE_` in the TOML
//! file that `MYSAFE_CONFIG` names. The environment wins. `docs/server.md` lists them.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use lettre::Tokio1Executor;
use lettre::address::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::{AsyncSmtpTransport, AsyncSmtpTransportBuilder};
use serde::Deserialize;

mod limits;

pub use limits::Limits;

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
    /// The server that takes mails; files in the data folder if there is none.
    pub smtp: Option<Smtp>,
    /// Who mails are from.
    pub mail_from: Mailbox,
    /// How much accounts, items, clients and mail addresses may take.
    pub limits: Limits,
}

/// How to reach an SMTP server. Its password is not shown.
#[derive(Clone)]
pub struct Smtp(pub AsyncSmtpTransportBuilder);

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
    smtp_url: Option<String>,
    mail_from: Option<String>,
}

impl Settings {
    /// From this process's environment.
    pub fn load() -> Result<Self, SettingsError> {
        Self::of(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// From any environment.
    pub fn of(env: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut table = match env("MYSAFE_CONFIG") {
            None => toml::Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|cause| SettingsError::File { path, cause })?;
                toml::from_str(&text).map_err(form)?
            }
        };
        let limits = Limits::of(|name| {
            let in_file = table.remove(&name.trim_start_matches("MYSAFE_").to_lowercase());
            env(name).or(in_file.map(|value| match value {
                toml::Value::String(text) => text,
                other => other.to_string(),
            }))
        })?;
        let file: File = table.try_into().map_err(form)?;
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
        let base_url = base_url.trim_end_matches('/').to_owned();
        let smtp = env("MYSAFE_SMTP_URL").or(file.smtp_url).as_deref().map(smtp).transpose()?;
        let mail_from = env("MYSAFE_MAIL_FROM").or(file.mail_from);
        let mail_from = match (mail_from, &smtp) {
            (Some(from), _) => from.parse().ok(),
            // Nobody answers a file.
            (None, None) => {
                Some(Mailbox::new(None, Address::new("mysafe", "localhost").expect("an address")))
            }
            (None, Some(_)) => None,
        };
        let mail_from = mail_from.ok_or_else(|| {
            wrong(
                "MYSAFE_MAIL_FROM",
                "a mail address, such as MySafe <mysafe@example.com>; it goes with MYSAFE_SMTP_URL",
            )
        })?;
        Ok(Self {
            smtp,
            mail_from,
            listen,
            data: env("MYSAFE_DATA").or(file.data).unwrap_or("mysafe-data".to_owned()).into(),
            database_url,
            base_url,
            open_signups,
            json_log,
            limits,
        })
    }

    /// Whether only this machine reaches the server: it listens on a loopback address and people
    /// do not come by another name, as they do through a reverse proxy.
    pub fn is_local(&self) -> bool {
        self.listen.ip().is_loopback() && !self.has_name()
    }

    /// Whether people reach the server by another name than this machine's own: then a connection from
    /// this machine comes from a reverse proxy.
    pub fn has_name(&self) -> bool {
        let host = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        !is_loopback(host)
    }
}

/// An error of the file. The message alone: the error's own text would quote the line, password and all.
fn form(error: toml::de::Error) -> SettingsError {
    SettingsError::Form(error.message().to_owned())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// An SMTP server by its URL. Mails hold codes: to another machine they go by TLS (RFC 8314).
fn smtp(url: &str) -> Result<Smtp, SettingsError> {
    let wrong = SettingsError::Value {
        name: "MYSAFE_SMTP_URL",
        expected: "smtps://USER:PASSWORD@HOST, or smtp://USER:PASSWORD@HOST:587?tls=required; \
                   without TLS only to this machine",
    };
    let rest = url.strip_prefix("smtp://").filter(|_| !url.ends_with("?tls=required"));
    if let Some(rest) = rest {
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        if !is_loopback(host.trim_matches(['[', ']'])) {
            return Err(wrong);
        }
    }
    match AsyncSmtpTransport::<Tokio1Executor>::from_url(url) {
        Ok(transport) => Ok(Smtp(transport)),
        // Its text may hold the password.
        Err(_) => Err(wrong),
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
        let text = "listen = \"0.0.0.0:1\"\nsignups = \"open\"\n\
                    account_items = 7\nwrite_burst = 8\naccount_bytes = \"9\"\n";
        std::fs::write(path, text).unwrap();
        let pairs =
            [("MYSAFE_CONFIG", path), ("MYSAFE_LISTEN", "[::1]:2"), ("MYSAFE_WRITE_BURST", "5")];
        let settings = settings(&pairs).unwrap();
        assert_eq!(settings.listen.to_string(), "[::1]:2");
        let limits = &settings.limits;
        assert_eq!((limits.account_items, limits.write_burst, limits.account_bytes), (7, 5, 9));
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
    fn mails_go_by_tls_to_another_machine() {
        let smtp = |url| {
            let pairs = [("MYSAFE_SMTP_URL", url), ("MYSAFE_MAIL_FROM", "MySafe <m@example.com>")];
            settings(&pairs)
                .map(|settings| settings.smtp.is_some())
                .map_err(|error| error.to_string())
        };
        for good in [
            "smtps://ana:planted@mail.example.com",
            "smtp://ana:planted@mail.example.com:587?tls=required",
            "smtp://127.0.0.1:25",
            "smtp://localhost",
        ] {
            assert_eq!(smtp(good), Ok(true), "{good}");
        }
        for bad in [
            "smtp://ana:planted@mail.example.com",
            "smtp://mail.example.com:587?tls=opportunistic",
            "smtp://localhost@mail.example.com",
            "http://localhost",
            "x",
        ] {
            let why = smtp(bad).unwrap_err();
            assert!(why.starts_with("MYSAFE_SMTP_URL: ") && !why.contains("planted"), "{why}");
        }
        assert!(
            refused(&[("MYSAFE_SMTP_URL", "smtp://localhost")]).starts_with("MYSAFE_MAIL_FROM: ")
        );
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
