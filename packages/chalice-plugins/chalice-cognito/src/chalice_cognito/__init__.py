"""Amazon Cognito user pool triggers as an event source of Chalice applications."""
