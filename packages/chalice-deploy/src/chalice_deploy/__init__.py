"""Deploys Chalice applications to AWS: plan, apply, record, delete."""
