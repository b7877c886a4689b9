from strategy_portal.urls import *
