"""Amazon DynamoDB Streams as an event source of Chalice applications."""
