"""How matters are started and acted on: the office, filing a batch, playing a scenario, the doctor."""
