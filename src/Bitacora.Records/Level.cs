namespace Bitacora.Records;

/// <summary>How bad an event is. The numeric order is the order of severity, so levels compare with &lt; and &gt;.</summary>
public enum Level : byte
{
    /// <summary>Finer than DEBUG.</summary>
    Trace = 0,

    /// <summary>For developers. Syslog 7.</summary>
    Debug = 1,

    /// <summary>Ordinary operation; the level of a record whose sender gave none. Syslog 5 and 6.</summary>
    Info = 2,

    /// <summary>Something to look at. Syslog 4.</summary>
    Warning = 3,

    /// <summary>An operation failed. Syslog 3.</summary>
    Error = 4,

    /// <summary>The program or the machine cannot go on. Syslog 0 to 2.</summary>
    Critical = 5,
}
