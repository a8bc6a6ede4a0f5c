from django.urls import path

from messaging.phone import views

urlpatterns = [
    path("calls/", views.calls, name="phone"),
    path("calls/new/", views.new_call, name="phone_new"),
    path("calls/callers/", views.callers, name="phone_callers"),
    path("call-backs/<int:call_back_id>/done/", views.call_back_done, name="call_back_done"),
    path("tickets/<int:ticket_id>/calls/", views.ticket_panel, name="ticket_panel"),
]
