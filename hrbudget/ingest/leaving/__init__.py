"""Rows that are no lines: what is left out, why, and what adds up to be sure of it."""
