"""Real PostgreSQL and the real Temporal server on one machine, with nothing installed beforehand."""
