"""Evidence packs of a workspace: what a report rests on, sealed and computed again.

packing: workspace → given → pack; replaying: pack → given → materials; computing:
materials → what is computed; verifying: a pack against what comes out of it.
"""
