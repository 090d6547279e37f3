"""What `make` alone prints: the commands, by reader."""

TEXT = """\
User logins with Flask, step by step.

  Student
    make chapter 2       run the program as it is at the end of chapter 2
    make chapter 2.3     or after step 3 of it
    make shell 2         open the Flask shell on it
    make chapters        list the chapters and their steps
    make test 2.3        run what that state must do
    make book            build the lessons, steps and notebooks as a site
    make reset 2         start a state's database over

    make start 2         make a workspace, work/02-login, and build chapter 2
    make check           what is done, and what is missing (WATCH=1: at each
                         save; VERBOSE=1: everything)
    make hint            a little more of the step's page at each call
    make run             run your own program
    make compare         your program beside the state you work towards
    make catch-up        merge the step into your program (or: catch-up 2.4)
    make restore         list the saved copies, or bring one back
    make progress        every chapter and step, with what is done

  Explorer
    make lab             open the notebooks in Jupyter Lab
    make cookie          take a cookie from your browser apart

  Instructor
    make walk 2          show chapter 2 as slides, with the live program
    make walk 2.3        from step 3 of it on
                         (OUT=folder or PDF=file writes them instead)
    make diff 2          what chapter 2 changed
    make diff 2.3        what one step changed
    make diff 1 3        from the end of chapter 1 to the end of chapter 3
                         (STAT=1 for the summary)
    make history         write the course as a git repository, build/history:
                         a commit for each block (STEPS=1: for each step)

  Author
    make amend 1.3       put your edit of a snapshot into step 1.3, and carry
                         it through every later page and snapshot
    make adopt           take over what you did with git in build/history
    make new-step 2.3 "A title"
    make new-chapter 04-name
    make test            run every test (ALL=1: on every state)
    make notebooks       run the notebooks and write their outputs anew
    make bench           measure what the course promises about speed
    make latest          test the snapshots with the newest releases
    make lock            resolve the dependencies anew into requirements/

Without make: python -m course chapter 2, and so on.
A command's options: python -m course chapter --help
"""
