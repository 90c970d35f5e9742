"""The one-page sheets of residential zones."""
