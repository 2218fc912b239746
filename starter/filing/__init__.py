"""Filing a batch of judged rows: each registered exactly once."""
