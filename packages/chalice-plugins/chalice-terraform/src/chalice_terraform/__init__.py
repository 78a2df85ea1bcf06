"""Terraform as an output format of Chalice applications."""
