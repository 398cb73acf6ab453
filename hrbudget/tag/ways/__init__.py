"""The ways to tag: by codes, rules, marks, transfers, overhead, and from last year."""
