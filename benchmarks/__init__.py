"""Ratios of the tap against what it promises and against other ways of doing the same work."""
