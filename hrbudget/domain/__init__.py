"""What a line, a tag, a rule, a requirement, a finding and a proposal are."""
