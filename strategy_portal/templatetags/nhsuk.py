"""Form fields in the NHS design system: {% field form.name label_size="m" %}, and all that our crispy pack renders.

The structure is that of nhsuk-frontend's own macros: tests/strategy_portal/test_nhsuk_pack.py compares the two.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from strategy_portal.field_views import FieldView, Options, plainly

register = template.Library()


@register.simple_tag(name="field")
def field_tag(bound: BoundField, **options: Any) -> SafeString:
    return FieldView(bound, Options(**options)).render()


@register.simple_tag(takes_context=True)
def crispy_field_of_pack(context: Context, **more: Any) -> SafeString:
    """The field that crispy-forms put into the context, with the options of its layout object."""
    view = FieldView(context["field"], Options(**(context.get("field_options", {}) | more)))
    if context.get("form_show_labels") is False:
        view = replace(view, options=replace(view.options, label_hidden=True))
    return view.render()


def all_forms(things: Any) -> Iterator[BaseForm]:
    """The forms in a form, a formset, a list of either, or nothing."""
    for thing in things if isinstance(things, (list, tuple)) else [things]:
        if isinstance(thing, BaseForm):
            yield thing
        elif isinstance(thing, (BaseFormSet, list, tuple)):
            yield from all_forms(list(thing))


def mistakes_of(form: BaseForm) -> Iterator[dict[str, str]]:
    """In the order of the page: what is wrong with the whole, then field by field."""
    yield from ({"text": text, "focus": ""} for text in form.non_field_errors())
    for name in form.fields:
        if name in form.errors:
            focus = FieldView(form[name], Options()).focus
            yield from ({"text": plainly(text), "focus": focus} for text in form.errors[name])


@register.inclusion_tag("nhsuk/error_summary.html")
def error_summary(*things: Any, focus: bool = True) -> dict[str, Any]:
    """One summary for all the forms of a page, which takes the focus; nothing when nothing is wrong."""
    formsets = [thing for thing in things if isinstance(thing, BaseFormSet)]
    of_sets = [{"text": text, "focus": ""} for formset in formsets for text in formset.non_form_errors()]
    return {"mistakes": of_sets + [mistake for form in all_forms(things) for mistake in mistakes_of(form)], "focus": focus}


@register.simple_tag
def error_prefix(*things: Any) -> str:
    """ "Error: " before the page's title when one of its forms was refused."""
    return mark_safe("Error: ") if any(form.errors for form in all_forms(things)) else ""
