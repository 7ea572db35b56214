"""The whole line, tested."""
