"""A function that takes messages from a queue."""

from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source


@event_source(data_class=SQSEvent)
def work(event, context):
    """Read every message."""
    total = 0
    for record in event.records:
        total += len(record.body)
    return total
