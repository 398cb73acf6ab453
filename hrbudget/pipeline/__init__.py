"""The story: the only place where the stages meet.

ingest → tag → check → optimize → compare → report

``tagging`` and ``reviewing`` tell how lines come to their tags and tags to be trusted,
``deciding`` how a budget is checked, changed and reported on, ``cases`` how rules are
tried.
"""
