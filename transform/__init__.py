"""The models' generator; the rest of this folder is a dbt project."""
