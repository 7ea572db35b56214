"""A read-only MCP server over the landed tables of Sienge."""
