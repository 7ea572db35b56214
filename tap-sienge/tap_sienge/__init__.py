"""Singer tap for Sienge, the ERP of Brazilian construction companies."""
