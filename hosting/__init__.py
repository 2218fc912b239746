"""What runs: servers on one machine, the codec server, the worker's process, and what prepares and watches them."""
