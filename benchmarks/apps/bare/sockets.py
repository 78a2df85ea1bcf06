"""A WebSocket function."""


def work(event, context):
    """Answer with the message's length."""
    return {"statusCode": 200, "body": str(len(event["body"]))}
