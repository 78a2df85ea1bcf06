"""Schedules and Amazon EventBridge events in Chalice applications."""

from chalice_schedule.events import CloudWatchEvent, Cron, Rate, ScheduleExpression, on_cw_event, schedule

__all__ = ["CloudWatchEvent", "Cron", "Rate", "ScheduleExpression", "on_cw_event", "schedule"]
