"""Sienge's webhooks: what receives its events, and what reads the objects that they name."""
