"""Builds reproducible AWS Lambda deployment packages for Chalice applications."""
