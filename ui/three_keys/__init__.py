"""The whole kiosk with three keys and the ears: next, choose, back (ACCESS D1). Two of them are enough."""
