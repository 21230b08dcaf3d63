"""The service, used by the clients that people have."""
