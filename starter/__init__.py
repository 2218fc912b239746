"""How matters are started and acted on: command line, scenario player, embedded servers."""
