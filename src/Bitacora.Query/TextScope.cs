namespace Bitacora.Query;

/// <summary>Where a text is searched.</summary>
public enum TextScope
{
    /// <summary>In the message or in the traceback, each by itself.</summary>
    Anywhere,

    /// <summary>In the message.</summary>
    Message,

    /// <summary>In the traceback.</summary>
    Traceback,
}
