"""Amazon DynamoDB Streams as an event source of Chalice applications."""

from chalice_dynamodb.events import DynamoDBEvent, DynamoDBRecord, on_dynamodb_record

__all__ = ["DynamoDBEvent", "DynamoDBRecord", "on_dynamodb_record"]
