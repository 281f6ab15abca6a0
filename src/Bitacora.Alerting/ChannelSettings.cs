namespace Bitacora.Alerting;

/// <summary>A way to somebody who is told. A closed family.</summary>
/// <param name="Name">Its name, by which rules choose it.</param>
public abstract record ChannelSettings(string Name);

/// <summary>A Slack incoming webhook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its address, which is a secret.</param>
public sealed record SlackSettings(string Name, SecretSource Url) : ChannelSettings(Name);

/// <summary>JSON, posted to an address.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">The address, where it is no secret.</param>
/// <param name="SecretUrl">The address, where it is one.</param>
/// <param name="Key">The key of the signature; without one nothing is signed.</param>
public sealed record WebhookSettings(string Name, Uri? Url, SecretSource? SecretUrl, SecretSource? Key) : ChannelSettings(Name);

/// <summary>A line in a file, which may be rotated at any time.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The file.</param>
public sealed record FileSettings(string Name, string Path) : ChannelSettings(Name);

/// <summary>The standard output.</summary>
/// <param name="Name">Its name.</param>
public sealed record StdoutSettings(string Name) : ChannelSettings(Name);

/// <summary>E-mail.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">The mail server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Security">How the way to it is protected.</param>
/// <param name="Username">Who logs in; null: nobody.</param>
/// <param name="Password">With what.</param>
/// <param name="Authorities">A file of those who sign the server's certificate (PEM); null: those of this machine.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The receivers' addresses.</param>
public sealed record EmailSettings(
    string Name, string Host, int Port, MailSecurity Security, string? Username, SecretSource? Password, string? Authorities,
    string From, IReadOnlyList<string> To) : ChannelSettings(Name);
