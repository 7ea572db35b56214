"""What checks the project for Power BI without Power BI."""
