"""What the workflows ask of the world: the ledger, other matters, notices."""
