"""An independent controller: 25 questions of an accountant, answered from the simulator's truth.

Nothing here reads the marts' SQL or the tap: the answers follow from Sienge's own codes and
reports, and are compared to the cent with ``marts`` and ``bi/consultas``. ``python -m
tests.controller`` asks them on many seeds, and with faults put into the SQL on purpose.
"""
