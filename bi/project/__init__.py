"""Writes the project for Power BI."""
