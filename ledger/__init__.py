"""The ledger (台账): PostgreSQL as the legal record. Events, their hash chain, and the read tables made from them."""
