"""The demonstration: an embedded PostgreSQL, the simulated Sienge and one run of Meltano."""
