"""Tags under review: two readers, their disputes, four states, an audit sample."""
