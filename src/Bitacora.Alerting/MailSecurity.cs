namespace Bitacora.Alerting;

/// <summary>How the way to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Begins in the clear and must change to TLS before anything is said.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>None: for a mail server on this machine.</summary>
    None,
}
