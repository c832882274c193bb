"""What a frame costs, beside the peers installed on the machine: `live bench`.

Figures are CPU milliseconds (user and system, all threads) per output frame: on a shared machine wall time says little.
"""
