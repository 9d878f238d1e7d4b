"""The only exception that is meant for people: its text becomes the job's failure reason."""


class SceneFailure(Exception):
    def __init__(self, failure_type, message):
        super().__init__(message)
        self.failure_type = failure_type
