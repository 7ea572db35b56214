"""What Lighthouse says of the panel's pages."""
