"""A function that takes messages from a queue."""


def work(event, context):
    """Read every message."""
    total = 0
    for record in event["Records"]:
        total += len(record["body"])
    return total
