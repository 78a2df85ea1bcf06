"""Amazon Kinesis Data Streams as an event source of Chalice applications."""
