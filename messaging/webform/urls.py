from django.urls import path

from messaging.webform import views

urlpatterns = [
    path("forms/<slug:slug>/", views.contact, name="webform"),
    path("forms/<slug:slug>/thanks/<str:token>/", views.thanks, name="webform_thanks"),
]
