"""What the page may ask, a module for each area."""
