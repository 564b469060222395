"""Letters, carried by the SMTP server that the operator names."""

from mentorium_gateways.mail.smtp import SmtpMailer

__all__ = ["SmtpMailer"]
