"""What helps to read the tables: ready questions, and the project for Power BI."""
