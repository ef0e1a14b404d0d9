from ui.commands import main

main()
