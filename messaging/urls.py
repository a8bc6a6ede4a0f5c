"""Addresses of the logs and the demo's mailboxes; each channel brings its own."""

from django.urls import include, path

from messaging.views import authorisation, deliveries, intake, intake_days, mailbox, webhooks

app_name = "messaging"
urlpatterns = [
    path("", include("messaging.webform.urls")),
    path("", include("messaging.phone.urls")),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/<int:delivery_id>/", deliveries.delivery_page, name="delivery"),
    path("deliveries/<int:delivery_id>/preview/", deliveries.preview, name="preview"),
    path("deliveries/<int:delivery_id>/retry/", deliveries.retry, name="retry_delivery"),
    path("messages/<int:message_id>/retry/", deliveries.retry_message, name="retry"),
    path("intake/", intake.intake_list, name="intake"),
    path("intake/days/", intake_days.day_list, name="intake_days"),
    path("intake/days/question/", intake_days.ask, name="ask_mail_servers"),
    path("intake/<int:raw_id>/", intake.raw_page, name="raw"),
    path("intake/<int:raw_id>/parsed/", intake.parsed, name="parsed"),
    path("intake/<int:raw_id>/source/", intake.download, name="raw_source"),
    path("intake/<int:raw_id>/replay/", intake.replay, name="replay"),
    path("authorisations/mail/", authorisation.authorised, name="mailbox_authorised"),
    path("channels/<int:channel_id>/authorisation/", authorisation.begin, name="authorise_mailbox"),
    path(
        "webhooks/mail/<int:channel_id>/<slug:provider>/<slug:token>/",
        webhooks.receive,
        name="mail_webhook",
    ),
    # Mailgun posts the raw mail where the address ends with "mime".
    path(
        "webhooks/mail/<int:channel_id>/<slug:provider>/<slug:token>/mime",
        webhooks.receive,
        name="mail_webhook_mime",
    ),
    path("mailbox/", mailbox.mailboxes, name="demo_mailbox"),
    path("mailbox/new/", mailbox.new_mail, name="demo_new_mail"),
    path("mailbox/<int:customer_id>/", mailbox.mailbox, name="demo_customer"),
    path("mailbox/mails/<int:delivery_id>/preview/", mailbox.preview, name="demo_preview"),
    path("mailbox/mails/<int:delivery_id>/answer/", mailbox.answer, name="demo_answer"),
]
