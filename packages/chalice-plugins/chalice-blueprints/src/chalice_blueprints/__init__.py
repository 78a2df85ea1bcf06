"""Blueprints: parts of a Chalice application in modules of their own."""
