namespace Bitacora.Records;

/// <summary>Where a record comes from: programs, or what they run on.</summary>
public enum Layer : byte
{
    /// <summary>Programs.</summary>
    Application = 0,

    /// <summary>nginx, Apache, PostgreSQL, syslog, journald and the like.</summary>
    Infrastructure = 1,
}
