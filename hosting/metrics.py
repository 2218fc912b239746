"""Metrics for Prometheus: the SDK's and our own, at one address."""

from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig


def serve_metrics(address: str) -> None:
    """Offer ``http://address/metrics`` for everything this process does from now on; call it before any client.

    Raises ValueError when the address cannot be listened on.
    """
    prometheus = PrometheusConfig(
        bind_address=address, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(metrics=prometheus)))
