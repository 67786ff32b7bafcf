//! Numbers for whoever watches the server: requests by route and status, how long they took, how
//! signing in went. Never anything about a person. Served at `/metrics` in Prometheus' format.

use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::state::AppState;

const REQUESTS: &str = "mysafe_requests_total";
const LIMITS: &str = "mysafe_limits_reached_total";
const SECONDS: &str = "mysafe_request_seconds";
/// Upper bounds in seconds.
const BUCKETS: &[f64] = &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

/// Where the numbers are collected.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The one collection of this process.
    pub fn recorder() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let recorder = PrometheusBuilder::new()
                .set_buckets(BUCKETS)
                .expect("there are buckets")
                .build_recorder();
            let handle = recorder.handle();
            // Only a program that embeds this one could have set another; then that one collects.
            let _ = metrics::set_global_recorder(recorder);
            metrics::describe_counter!(REQUESTS, "Requests by method, route and status");
            metrics::describe_counter!(LIMITS, "Requests refused by a limit, by its name");
            metrics::describe_histogram!(SECONDS, "Seconds until a request was answered");
            handle
        });
        Self(handle.clone())
    }

    /// Counts an answered request.
    pub fn request(&self, method: &'static str, route: &str, status: u16, time: Duration) {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ];
        metrics::counter!(REQUESTS, &labels).increment(1);
        metrics::histogram!(SECONDS, &labels[..2]).record(time.as_secs_f64());
    }

    /// Folds what was collected; to be called now and then.
    pub fn sweep(&self) {
        self.0.run_upkeep();
    }
}

/// Counts that a limit was reached; `docs/server.md` lists the names.
pub fn limit_reached(limit: &'static str) {
    metrics::counter!(LIMITS, "limit" => limit).increment(1);
}

/// What was counted, in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "operation", security(()),
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.0.render())
}
