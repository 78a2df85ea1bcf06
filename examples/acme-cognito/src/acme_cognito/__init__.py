"""Sign-ups to Amazon Cognito user pools, for Chalice."""
