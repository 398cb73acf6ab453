"""The log: chained events, digests of what they vouch for, and their verification."""
