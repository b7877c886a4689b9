from django import template

from priorities.addresses import at_year

register = template.Library()
register.filter(at_year)
