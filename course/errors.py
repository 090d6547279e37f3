"""What a person did that cannot be done, said once and without traceback."""

import click


class CourseError(click.ClickException):
    """A message for the person who typed; the exit status is 2."""

    exit_code = 2

    def show(self, file=None):
        click.echo(self.format_message(), file=file, err=file is None)
