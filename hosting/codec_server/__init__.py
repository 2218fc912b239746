"""The codec server: opens sealed payloads for an administrator, in Temporal's UI and in its command (docs/codec.md)."""
