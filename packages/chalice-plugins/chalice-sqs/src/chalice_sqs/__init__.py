"""Amazon SQS as an event source of Chalice applications."""
