"""The durable life of a matter."""

from workflows.dispute import DisputeWorkflow

WORKFLOWS = [DisputeWorkflow]
