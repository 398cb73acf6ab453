"""Signatures of reports and packs: made with a key, and looked at again.

A PDF carries its signature inside (PAdES); of any other file, such as an evidence pack,
the signature is a file of its own beside it (detached CMS, ``.p7s``).
"""
