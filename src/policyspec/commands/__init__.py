"""What the commands of the command line do, each with what belongs to it."""
