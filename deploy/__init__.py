"""Many tenants: the chart, the DAG factory, and the commands that prepare and watch databases."""
