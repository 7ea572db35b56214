"""Simulator of the Sienge REST API."""
