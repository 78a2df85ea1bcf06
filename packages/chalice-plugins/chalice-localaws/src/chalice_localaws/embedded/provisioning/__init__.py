"""Creating, changing and deleting resources by their CloudFormation types."""
