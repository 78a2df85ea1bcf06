"""Schedules and Amazon EventBridge events in Chalice applications."""
