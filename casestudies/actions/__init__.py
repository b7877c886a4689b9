"""All writing of case studies: their words, their pictures, and the decisions on them."""

from casestudies.actions.consent import tell_of_ended_consent
from casestudies.actions.decisions import (
    NotReady,
    confirm_story,
    publish_story,
    return_story,
    submit_story,
    take_back_story,
    withdraw_story,
)
from casestudies.actions.pictures import TooMany, add_picture, describe_picture, remove_picture
from casestudies.actions.words import NoPlan, NotNow, StoryWords, save_story, start_story

__all__ = [
    "NoPlan",
    "NotNow",
    "NotReady",
    "StoryWords",
    "TooMany",
    "add_picture",
    "confirm_story",
    "describe_picture",
    "publish_story",
    "remove_picture",
    "return_story",
    "save_story",
    "start_story",
    "submit_story",
    "take_back_story",
    "tell_of_ended_consent",
    "withdraw_story",
]
