"""A workspace: one folder with its database, packs, scenarios, plan and facts."""
