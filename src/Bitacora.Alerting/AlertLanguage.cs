namespace Bitacora.Alerting;

/// <summary>The language of messages.</summary>
public enum AlertLanguage
{
    /// <summary>English.</summary>
    En,

    /// <summary>Spanish.</summary>
    Es,
}
