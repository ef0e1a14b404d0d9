"""The ways out of the machine: https now; USB stick and OpenRosa have their doors here."""
