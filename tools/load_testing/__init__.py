"""The parts of load_test.py: servers, clients, what is sent, what is measured."""
