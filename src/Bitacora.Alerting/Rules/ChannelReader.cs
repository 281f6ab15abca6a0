using MimeKit;

namespace Bitacora.Alerting.Rules;

/// <summary>Reads a channel from its section.</summary>
internal static class ChannelReader
{
    private const string Types = "slack, webhook, email, file or stdout";
    private const int MaxReceivers = 100;

    public static ChannelSettings? Read(string name, Section section)
    {
        ChannelSettings? channel;
        switch (section.Required("type", Types))
        {
            case "slack":
                channel = section.Secret("url", isRequired: true) is { } url ? new SlackSettings(name, url) : null;
                break;
            case "webhook":
                channel = Webhook(name, section);
                break;
            case "file":
                channel = new FileSettings(name, section.RequiredFilled("path", "a path"));
                break;
            case "stdout":
                channel = new StdoutSettings(name);
                break;
            case "email":
                channel = Email(name, section);
                break;
            default:
                if (section.Text("type") is { } type)
                {
                    section.Refuse("type", $"'{type}' is not allowed; one of {Types}");
                }

                return null;
        }

        section.RefuseOthers();
        return channel;
    }

    private static WebhookSettings? Webhook(string name, Section section)
    {
        var url = section.Address("url");
        var secret = section.Secret("url", isRequired: !section.Has("url"));
        if (section.Has("url") && secret is not null)
        {
            section.Refuse("url", $"'{(section.Has("url_env") ? "url_env" : "url_file")}' says where it is already");
        }

        return url is null && secret is null ? null : new WebhookSettings(name, url, secret, section.Secret("key", isRequired: false));
    }

    private static EmailSettings Email(string name, Section section)
    {
        var security = section.Choice("security", MailSecurity.StartTls);
        var port = security switch { MailSecurity.StartTls => 587, MailSecurity.Tls => 465, _ => 25 };
        var username = section.Text("username");
        var mail = new EmailSettings(
            name,
            section.RequiredFilled("host", "a mail server's name"),
            section.Number("port", port, 1, ushort.MaxValue),
            security,
            username,
            section.Secret("password", isRequired: username is not null),
            section.Text("tls_ca"),
            section.Required("from", "an e-mail address"),
            section.Texts("to"));
        if (section.Has("from") && !MailboxAddress.TryParse(mail.From, out _))
        {
            section.Refuse("from", "an e-mail address is allowed");
        }

        if (mail.To.Count is 0 or > MaxReceivers || !mail.To.All(address => MailboxAddress.TryParse(address, out _)))
        {
            section.Refuse("to", $"1 to {MaxReceivers} e-mail addresses are allowed");
        }

        if (username is not null && security == MailSecurity.None && mail.Host is not ("localhost" or "127.0.0.1" or "::1"))
        {
            section.Refuse("security", "a password goes over starttls or tls only");
        }

        return mail;
    }
}
