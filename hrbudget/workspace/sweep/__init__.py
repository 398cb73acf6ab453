"""A sweep: a grid of scenarios × workspaces × budgets, each cell answered once.

grid → planning → pool (task → answering, in other processes) → results → summary
"""
