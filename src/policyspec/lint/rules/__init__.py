"""The rules that are written in Python, one module each. Being there is being registered."""
