"""What completion offers, each sort of it in a module."""
