"""What each kind of report says, in no language yet."""
