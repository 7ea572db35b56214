"""What the makers of a release use."""
