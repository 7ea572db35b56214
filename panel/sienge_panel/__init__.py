"""The panel: credentials in, status out, "Sincronizar agora"."""
