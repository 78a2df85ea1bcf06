"""Runs Chalice applications on your own machine: AWS Lambda workers and event pumps."""
