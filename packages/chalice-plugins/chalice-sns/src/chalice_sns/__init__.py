"""Amazon SNS as an event source of Chalice applications."""
